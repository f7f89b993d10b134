using System.Net.Sockets;
using System.Text;
using Fleet.Node.DataPlanes.Haproxy;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>The runtime API, and what answers in its place and is not HAProxy.</summary>
public sealed class RuntimeLinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hap-link-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "x.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Answers_come_in_any_pieces()
    {
        using var server = Serve(async socket =>
        {
            foreach (var piece in new[] { "\n", ">", " ", "one\ntwo\n", "\n>", " three\n\n> " })
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(piece));
                await Task.Delay(2);
            }
        });
        using var link = await RuntimeLink.OpenAsync(Path, CancellationToken.None);
        (await link.AskAsync("a", CancellationToken.None)).ShouldBe("one\ntwo\n");
        (await link.AskAsync("b", CancellationToken.None)).ShouldBe("three\n");
    }

    [Fact]
    public async Task First_order_that_is_refused_is_told_with_its_answer()
    {
        using var server = Serve(socket => socket.SendAsync("\n> \n> New server registered.\n\n> No such server.\n\n> Other.\n\n> "u8.ToArray()));
        using var link = await RuntimeLink.OpenAsync(Path, CancellationToken.None);
        (await link.TellAsync(["a", "b", "c", "d"], CancellationToken.None)).ShouldBe("to 'c' HAProxy says: No such server.");
    }

    [Fact]
    public async Task Nobody_there_is_an_io_failure() =>
        await Should.ThrowAsync<IOException>(() => RuntimeLink.OpenAsync(Path, CancellationToken.None));

    [Fact]
    public async Task Connection_that_ends_in_an_answer_is_an_io_failure()
    {
        using var server = Serve(async socket =>
        {
            await socket.SendAsync("\n> half an ans"u8.ToArray());
            socket.Shutdown(SocketShutdown.Both);
        });
        using var link = await RuntimeLink.OpenAsync(Path, CancellationToken.None);
        await Should.ThrowAsync<IOException>(() => link.AskAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task Silence_lasts_until_it_is_called_off()
    {
        using var server = Serve(_ => Task.CompletedTask);
        using var soon = new CancellationTokenSource(100);
        await Should.ThrowAsync<OperationCanceledException>(() => RuntimeLink.OpenAsync(Path, soon.Token));
        using var soonToo = new CancellationTokenSource(100);
        await Should.ThrowAsync<OperationCanceledException>(() => MasterLink.AskAsync(Path, "show proc", soonToo.Token));
    }

    [Fact]
    public async Task Answer_without_an_end_is_an_io_failure()
    {
        var much = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
        using var server = Serve(async socket =>
        {
            for (var i = 0; i < 80; i++)
                await socket.SendAsync(much);
        });
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<IOException>(() => RuntimeLink.OpenAsync(Path, late.Token));
    }

    /// <summary>One connection, which is kept open after what is done with it.</summary>
    private Served Serve(Func<Socket, Task> serve)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        return new Served(listener, AcceptAsync());

        async Task<Socket?> AcceptAsync()
        {
            try
            {
                var socket = await listener.AcceptAsync();
                await serve(socket);
                return socket;
            }
            catch (SocketException)
            {
                return null; // The test is over, or the client has had enough.
            }
        }
    }

    private sealed class Served(Socket listener, Task<Socket?> accepted) : IDisposable
    {
        public void Dispose()
        {
            listener.Dispose();
            if (accepted.IsCompletedSuccessfully)
                accepted.Result?.Dispose();
        }
    }
}
