using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Publishers;

/// <summary>An exchange with a server failed.</summary>
internal sealed class DnsFailureException(DnsFailure failure) : Exception(failure.Text)
{
    public DnsFailure Failure => failure;
}

/// <summary>
/// Another DNS server, over TCP, every request and answer signed with TSIG. One connection per exchange: servers differ in what they allow after a
/// transfer.
/// </summary>
internal sealed class DnsServerLink(IPEndPoint server, TsigKey key, TimeProvider time)
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UpdateMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TransferMax = TimeSpan.FromSeconds(60);

    private ulong Now => (ulong)time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Update messages get random ids: nobody can guess the next.</summary>
    public static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    /// <summary>All records of a zone (AXFR, RFC 5936), its SOA first.</summary>
    /// <exception cref="DnsFailureException">The server did not give them.</exception>
    public Task<ImmutableArray<DnsRecord>> TransferAsync(DnsName zone, CancellationToken cancellation) => ExchangeAsync(
        TransferMax,
        async (stream, token) =>
        {
            var query = new DnsQuery(NewId(), zone, DnsType.Axfr) { Edns = null };
            var buffer = new byte[DnsQuery.SizeMax];
            var mac = await SendAsync(stream, buffer.AsMemory(0, query.Write(buffer)), token);
            var transfer = new ZoneTransfer(zone, query.Id, key, mac);
            while (!transfer.IsComplete)
            {
                if (transfer.Take(await DnsFrames.ReceiveAsync(stream, token), Now) is { } failure)
                    throw new DnsFailureException(failure);
            }

            return transfer.Records;
        },
        cancellation);

    /// <summary>Makes the changes of an update, all of them or none.</summary>
    /// <exception cref="DnsFailureException">The changes were not made; or, when the server did not answer, nobody knows.</exception>
    public Task UpdateAsync(DnsUpdate update, CancellationToken cancellation) => ExchangeAsync(
        UpdateMax,
        async (stream, token) =>
        {
            if (!update.TryWrite(out var message))
                throw new DnsFailureException(new DnsFailure(DnsFailureKind.Failed, "the update does not fit a message"));
            var mac = await SendAsync(stream, message, token);
            var answer = await DnsFrames.ReceiveAsync(stream, token);
            var check = Tsig.Verify(answer, key, Now, mac);
            if (!DnsHeader.TryRead(answer, out var header))
                throw new DnsFailureException(DnsFailure.Unreadable);
            return DnsFailure.Classify(header, update.Id, check) is { } failure ? throw new DnsFailureException(failure) : true;
        },
        cancellation);

    private async Task<T> ExchangeAsync<T>(TimeSpan limit, Func<NetworkStream, CancellationToken, Task<T>> talk, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await ConnectAsync(socket, either.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return await talk(stream, either.Token);
        }
        catch (Exception e) when (e is SocketException or IOException && !cancellation.IsCancellationRequested)
        {
            throw Unreachable(e is EndOfStreamException ? "the server closed the connection" : $"the server cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(
                patience.IsCancellationRequested ? $"no answer in {limit.TotalSeconds:0} s" : $"no connection in {ConnectMax.TotalSeconds:0} s");
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(ConnectMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await socket.ConnectAsync(server, either.Token);
    }

    /// <summary>Signs and sends; returns the signature.</summary>
    private async Task<byte[]> SendAsync(NetworkStream stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var signed = Tsig.Sign(message.Span, key, Now, [], out var mac);
        await DnsFrames.SendAsync(stream, signed, cancellation);
        return mac;
    }

    private static DnsFailureException Unreachable(string text) => new(new DnsFailure(DnsFailureKind.Unreachable, text));
}
