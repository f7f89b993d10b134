using System.Net.Sockets;
using System.Text.Json;
using Fleet.Lab.Wires;

namespace Fleet.Lab.Tun;

/// <summary>
/// The relay as a process: it goes by the rules of a file, and listens on a Unix socket, which is reached from every network namespace. A connection
/// says one line: <c>reload</c> reads the file again, <c>report</c> does not; either is answered by a <see cref="WireReport"/>, or a sentence that
/// begins with <c>error</c>.
/// </summary>
internal static class WireRelay
{
    public const string Reload = "reload";
    public const string Report = "report";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Until cancelled.</summary>
    public static async Task RunAsync(string device, string rulesFile, string socketFile, int seed, CancellationToken cancellation)
    {
        using var loop = new WireLoop(device, WireJson.Read(await File.ReadAllTextAsync(rulesFile, cancellation)), seed);
        File.Delete(socketFile);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketFile));
        listener.Listen(8);
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync(cancellation);
                await AnswerAsync(connection, loop, rulesFile, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }

    /// <summary>Asks the relay whose socket this is.</summary>
    /// <exception cref="IOException">It does not answer, or says why it cannot.</exception>
    public static async Task<WireReport> AskAsync(string socketFile, string question, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketFile), patience.Token);
            await using var stream = new NetworkStream(socket);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            using var reader = new StreamReader(stream);
            await writer.WriteLineAsync(question.AsMemory(), patience.Token);
            var answer = await reader.ReadLineAsync(patience.Token) ?? "error: it closed the connection";
            return answer.StartsWith('{') ? WireReportJson.Read(answer) : throw new IOException($"The wire's relay says {answer}.");
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new IOException($"The wire's relay does not answer: {e.Message}", e);
        }
    }

    private static async Task AnswerAsync(Socket connection, WireLoop loop, string rulesFile, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await using var stream = new NetworkStream(connection);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            using var reader = new StreamReader(stream);
            var question = await reader.ReadLineAsync(patience.Token);
            if (question == Reload)
                loop.Take(WireJson.Read(await File.ReadAllTextAsync(rulesFile, patience.Token)));
            await writer.WriteLineAsync(question is Reload or Report ? WireReportJson.Write(loop.Report()) : $"error: '{question}' is no question");
        }
        catch (JsonException e)
        {
            await Console.Error.WriteLineAsync($"{rulesFile}: {e.Message}");
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Whoever asked has gone.
        }
    }
}
