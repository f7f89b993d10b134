using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>`pbm config render FILE`: a HOCON file, resolved, as JSON. Any HOCON will do; no defaults are added and no keys are judged.</summary>
public static class ConfigRender
{
    /// <param name="overrides">`--set` texts such as `a.b=c`, laid over the file; later ones win.</param>
    public static ConfigResult<string> Json(
        string path, IEnumerable<string> overrides, IHoconSources sources, Func<string, string?> environment, bool indented = true)
    {
        var errors = new List<ConfigError>();
        var document = new HoconDocument(sources, errors).File(path);
        foreach (var text in overrides)
            document.Text(ConfigDocument.Spelled(text), "--set");
        return ConfigResult<string>.Create(HoconJson.Render(document.Resolve(environment), indented), errors);
    }
}
