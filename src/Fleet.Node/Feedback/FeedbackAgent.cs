using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Node.Feedback.Reading;

namespace Fleet.Node.Feedback;

/// <summary>
/// The agent for a real server. It tells whoever connects, in one line, what part of its weight the server can take: the least idle of the things it
/// looks at. Words of a command, such as <c>drain</c>, are added. HAProxy's agent-check understands the line too.
/// </summary>
internal sealed class FeedbackAgent : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener;
    private readonly IReadOnlyList<LoadSource> _sources;
    private readonly TimeProvider _time;
    private volatile string _line = "ready\n";

    /// <exception cref="SocketException">The address cannot be had.</exception>
    public FeedbackAgent(IPEndPoint at, IReadOnlyList<LoadSource> sources, TimeProvider time)
    {
        (_sources, _time) = (sources, time);
        _listener = new TcpListener(at);
        _listener.Start();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Looks and answers until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(LookAsync(cancellation), AnswerAsync(cancellation));

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        return ValueTask.CompletedTask;
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(Step, _time);
            do
            {
                var said = new List<string>();
                foreach (var source in _sources)
                {
                    if (await source.ReadAsync(Step, cancellation) is { } words)
                        said.Add(words);
                }

                _line = Together(said);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The one way out.
        }
    }

    /// <summary>The smallest percentage, and every other word. With nothing known it says <c>ready</c>, which leaves the weight as it is.</summary>
    private static string Together(List<string> said)
    {
        var words = said.SelectMany(s => s.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
            .ToLookup(word => AgentWords.Read(Encoding.UTF8.GetBytes(word)).Percent);
        var least = words.Where(g => g.Key is not null).Min(g => g.Key);
        string[] all = [.. least is { } percent ? new[] { $"{percent}%" } : [], .. words[null].Distinct()];
        return all.Length == 0 ? "ready\n" : $"{string.Join(' ', all)}\n";
    }

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(cancellation);
                await TellAsync(socket, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The one way out.
        }
    }

    private async Task TellAsync(Socket socket, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(_line), limit.Token);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
    }
}
