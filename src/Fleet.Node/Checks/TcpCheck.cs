using System.Net;

namespace Fleet.Node.Checks;

/// <summary>A backend is good if it accepts a connection.</summary>
internal sealed class TcpCheck(bool proxyProtocol) : ICheck
{
    public Task<ProbeResult> ProbeAsync(IPEndPoint backend, CancellationToken cancellation) =>
        ProbeConnection.ProbeAsync(backend, proxyProtocol, _ => Task.FromResult(ProbeResult.Good), cancellation);
}
