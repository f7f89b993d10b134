using System.Globalization;
using System.Text;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// Which host this is, and which run of its agent. Both are kept in the agent's folder, in the file <c>identity</c>, on one line. The host was drawn
/// when the folder was new, and the run counts up with every start. Whatever the disk does, the agent goes on: a host that cannot be read is a new
/// one, and a run that cannot be written is later only by the clock.
/// </summary>
internal sealed partial class AgentIdentity(string host, Incarnation incarnation)
{
    private const int BytesMax = 200;

    public string Host => host;

    public Incarnation Incarnation => incarnation;

    /// <summary>The identity of a run that begins now.</summary>
    /// <param name="newHost">Draws an id that no other host has.</param>
    public static AgentIdentity Take(string folder, IDisk disk, DateTimeOffset wall, Func<string> newHost, ILogger log)
    {
        var path = Path.Combine(folder, "identity");
        var last = Read(disk, path, log);
        var mine = new AgentIdentity(last?.Host ?? newHost(), Incarnation.Next(last?.Incarnation ?? Incarnation.None, wall));
        try
        {
            disk.CreateFolder(folder);
            disk.Replace(path, Encoding.ASCII.GetBytes($"{mine.Host} {mine.Incarnation}\n"));
            disk.SyncFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(log, path, e.Message);
        }

        return mine;
    }

    private static AgentIdentity? Read(IDisk disk, string path, ILogger log)
    {
        try
        {
            var words = disk.Length(path) <= BytesMax ? Encoding.ASCII.GetString(disk.ReadAll(path)).TrimEnd('\n').Split(' ') : [];
            if (words.Length == 2 && Texts.HostId.Has(words[0])
                && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var run) && run < long.MaxValue)
                return new AgentIdentity(words[0], new Incarnation(run));
            LogUnreadable(log, path, "it is not of a host and a number");
        }
        catch (FileNotFoundException)
        {
            // The first start.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(log, path, e.Message);
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read, and this host is a new one to the fleet: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string path, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Path} cannot be written; should this agent be started again, it may be another host to the fleet: {Reason}")]
    private static partial void LogUnwritable(ILogger log, string path, string reason);
}
