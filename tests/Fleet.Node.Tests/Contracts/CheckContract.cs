using System.Net;
using System.Net.Sockets;
using Fleet.Node.Checks;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Contracts;

/// <summary>What every <see cref="ICheck"/> keeps. A suite for one kind derives from this and says what a healthy backend of its kind does.</summary>
public abstract class CheckContract : IDisposable
{
    private static readonly byte[] LocalHeader = Convert.FromHexString("0D0A0D0A000D0A515549540A20000000");

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(20));

    protected CancellationToken Bound => _bound.Token;

    private protected abstract ICheck Make(bool proxyProtocol);

    /// <summary>Plays a healthy backend on one connection, until the check has what it wants.</summary>
    protected abstract Task ServeAsync(Stream connection);

    public void Dispose()
    {
        _bound.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Healthy_backend_is_good_over_ipv4_and_ipv6(string address)
    {
        if (address.Contains(':') && !Socket.OSSupportsIPv6)
            return;
        await using var backend = new FakeBackend(ServeAsync, IPAddress.Parse(address));
        var check = Make(proxyProtocol: false);
        for (var probe = 0; probe < 3; probe++)
            (await check.ProbeAsync(backend.Address, Bound)).Failure.ShouldBeNull();
        // The kernel completes a connection before the backend accepts it: a TCP check may be done first.
        while (backend.Accepted < 3)
            await Task.Delay(5, Bound);
        backend.Accepted.ShouldBe(3, "every probe has a connection of its own");
    }

    [Fact]
    public async Task Probe_closes_its_connection()
    {
        var closed = new TaskCompletionSource();
        await using var backend = new FakeBackend(async connection =>
        {
            await ServeAsync(connection);
            await DrainAsync(connection);
            closed.TrySetResult();
        });
        await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound);
        await closed.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task Pool_with_proxy_protocol_gets_a_local_header_before_anything_else()
    {
        var seen = new TaskCompletionSource<byte[]>();
        await using var backend = new FakeBackend(async connection =>
        {
            var header = new byte[LocalHeader.Length];
            await connection.ReadExactlyAsync(header, Bound);
            seen.TrySetResult(header);
            await ServeAsync(connection);
        });
        (await Make(proxyProtocol: true).ProbeAsync(backend.Address, Bound)).Failure.ShouldBeNull();
        (await seen.Task.WaitAsync(Bound)).ShouldBe(LocalHeader);
        ProxyHeader.TryRead(LocalHeader, out var header, out var length).ShouldBeTrue();
        length.ShouldBe(LocalHeader.Length);
        header.Client.ShouldBeNull();
    }

    [Fact]
    public async Task Pool_without_proxy_protocol_gets_no_such_header()
    {
        var seen = new TaskCompletionSource<byte[]>();
        await using var backend = new FakeBackend(async connection =>
        {
            var first = new byte[LocalHeader.Length];
            var read = await connection.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, Bound);
            seen.TrySetResult(first[..read]);
        });
        await Make(proxyProtocol: false).ProbeAsync(backend.Address, Bound);
        (await seen.Task.WaitAsync(Bound)).ShouldNotBe(LocalHeader);
    }

    [Fact]
    public async Task Closed_port_is_bad_with_a_reason()
    {
        await using var backend = new FakeBackend(ServeAsync);
        var address = backend.Address;
        await backend.DisposeAsync();
        (await Make(proxyProtocol: false).ProbeAsync(address, Bound)).Failure.ShouldBe("connection refused");
    }

    [Fact]
    public async Task Host_that_does_not_answer_costs_no_longer_than_the_caller_waits()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        using var full = await FillAsync(address);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(() => Make(proxyProtocol: false).ProbeAsync(address, limit.Token).WaitAsync(Bound));
    }

    /// <summary>Fills a listener's queue until the kernel leaves new connections without an answer.</summary>
    private async Task<Filled> FillAsync(IPEndPoint address)
    {
        var filled = new Filled();
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            filled.Sockets.Add(socket);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Bound);
            patience.CancelAfter(TimeSpan.FromMilliseconds(200));
            try
            {
                await socket.ConnectAsync(address, patience.Token);
            }
            catch (OperationCanceledException) when (!Bound.IsCancellationRequested)
            {
                return filled;
            }
        }
    }

    protected async Task DrainAsync(Stream connection)
    {
        var buffer = new byte[1024];
        while (await connection.ReadAsync(buffer, Bound) > 0)
        {
        }
    }

    private sealed class Filled : IDisposable
    {
        public List<Socket> Sockets { get; } = [];

        public void Dispose() => Sockets.ForEach(socket => socket.Dispose());
    }
}
