using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Shell;

namespace Fleet.Cli.Keys;

/// <summary>
/// The folder that a command works on. A fault in it ends the command with one sentence, and nothing is written into a folder that cannot be read
/// whole.
/// </summary>
internal sealed class KeyStore(string path)
{
    private readonly KeyFolder _folder = new(path);

    /// <summary>All keys; complaints where the folder or a file of it cannot be read.</summary>
    public KeyFolderContent Look() => _folder.Read();

    /// <summary>All keys of a folder that must be sound; a folder that does not exist yet holds none, if <paramref name="mayBeMissing"/>.</summary>
    public ImmutableArray<ZoneKey> Keys(bool mayBeMissing = false)
    {
        if (mayBeMissing && !Directory.Exists(path))
            return [];
        var content = Look();
        return content.Complaints.IsEmpty ? content.Keys : throw PbmException.Usage(string.Join(Environment.NewLine, content.Complaints));
    }

    /// <summary>Writes what a step says: the successor first, so that a failure leaves a key too many and not one too few.</summary>
    public void Write(IEnumerable<ZoneKey> made, IEnumerable<ZoneKey> changed)
    {
        try
        {
            foreach (var key in made)
                _folder.Add(key);
            foreach (var key in changed)
                _folder.ChangeTimes(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PbmException.Usage($"{path}: {e.Message}");
        }
    }

    /// <summary>A zone's name as it may stand in a file's name.</summary>
    public static DnsName Zone(string text)
    {
        if (DnsName.TryParse(text, out var zone)
            && zone.Length > 1
            && zone.ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            return zone;
        throw PbmException.Usage($"'{text}' is not the name of a zone; one looks like fleet.internal.");
    }
}
