using System.Collections.Immutable;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>How an agent finds, starts and waits for its relay.</summary>
internal sealed record RelayClientOptions
{
    public required string SocketPath { get; init; }

    /// <summary>Where a second relay waits to take the first one's place; null keeps none.</summary>
    public string? SparePath { get; init; }

    public required string Node { get; init; }

    /// <inheritdoc cref="RelayOptions.OrphanMax"/>
    public TimeSpan OrphanMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="RelayOptions.ConnectTimeout"/>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="RelayOptions.LogFile"/>
    public string? LogFile { get; init; }

    /// <summary>A relay that answers no order for this long is killed, and a new one is started.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a new relay may take until it can be spoken to.</summary>
    public TimeSpan StartMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The program and its first arguments, before <c>relay --socket ...</c>; by default this program.</summary>
    public ImmutableArray<string> Command { get; init; } = ThisProgram();

    private static ImmutableArray<string> ThisProgram()
    {
        var host = Environment.ProcessPath ?? "fleet-node";
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, typeof(RelayClientOptions).Assembly.Location] : [host];
    }
}
