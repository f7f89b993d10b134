using System.Globalization;
using Fleet.Node.DataPlanes.Relay;

// The least that the relay's tests need; the command line of the node replaces it.
if (args is not ["relay", ..])
    return 2;
var options = args.Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
return await RelayProcess.RunAsync(
    new RelayOptions
    {
        SocketPath = options["--socket"],
        Node = options["--node"],
        OrphanMax = TimeSpan.FromMilliseconds(long.Parse(options["--orphan-max"].Replace("ms", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)),
        LogFile = options.GetValueOrDefault("--log"),
    },
    CancellationToken.None);
