using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>`pbm config render FILE`: a HOCON file, resolved, as JSON. Any HOCON will do; no defaults are added and no keys are judged.</summary>
public static class ConfigRender
{
    public static ConfigResult<string> Json(string path, IHoconSources sources, Func<string, string?> environment, bool indented = true)
    {
        var errors = new List<ConfigError>();
        var value = new HoconDocument(sources, errors).File(path).Resolve(environment);
        return ConfigResult<string>.Of(HoconJson.Render(value, indented), errors);
    }
}
