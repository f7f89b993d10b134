using Fleet.Node.Checks;
using Fleet.Node.Tests.Contracts;

namespace Fleet.Node.Tests.Checks;

public sealed class TcpCheckTests : CheckContract
{
    private protected override ICheck Make(bool proxyProtocol) => new TcpCheck(proxyProtocol);

    protected override Task ServeAsync(Stream connection) => DrainAsync(connection);
}
