using Fleet.Shared.Hocon;

namespace Fleet.Shared.Tests.Hocon;

/// <summary>Files of a test, by path.</summary>
internal sealed class SourcesInMemory(params (string Path, string Text)[] files) : IHoconSources
{
    public HoconText Read(string path)
    {
        var found = files.Where(f => f.Path == path).Select(f => f.Text).FirstOrDefault();
        return found switch
        {
            null => new HoconText.Missing(),
            "unreadable" => new HoconText.Unreadable("bytes that are not UTF-8"),
            _ => new HoconText.Found(found),
        };
    }

    public static string? NoEnvironment(string name) => null;
}
