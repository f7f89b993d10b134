using System.Net.Sockets;
using Fleet.Node.DataPlanes.Haproxy;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>Whether HAProxy answers, asked of what stands in for it.</summary>
public sealed class HaproxyProbeTests : IAsyncLifetime
{
    private static readonly byte[] Prompt = "\n> "u8.ToArray();
    private readonly string _folder = Directory.CreateTempSubdirectory("hap-probe-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _serving = [];
    private readonly HaproxyProbe _probe;

    public HaproxyProbeTests() => _probe = NewProbe(TimeSpan.FromSeconds(20));

    private HaproxyOptions Options => HaproxyOptions.In(_folder, "adc-1");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_serving);
        _stop.Dispose();
        _probe.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Question_and_the_pause_before_it_are_shorter_than_a_lease() =>
        (Options.AnswerMax + Options.ProbeEvery).ShouldBeLessThan(TimeSpan.FromMilliseconds(400), "the default lease");

    [Fact]
    public async Task Connection_that_was_cut_between_two_questions_is_no_silence()
    {
        using var server = Serve(answers: 2); // The prompt and one question; then it is cut.
        for (var i = 0; i < 3; i++)
        {
            (await _probe.AskAsync(CancellationToken.None)).ShouldBeTrue();
            _probe.Silence.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Nobody_there_is_gone_until_somebody_comes()
    {
        (await _probe.AskAsync(CancellationToken.None)).ShouldBeFalse();
        _probe.IsGone.ShouldBeTrue();
        Should.Throw<IOException>(_probe.ThrowIfSilent).Message.ShouldStartWith("HAProxy does not answer: ");
        using var server = Serve(answers: 2);
        (await _probe.AskAsync(CancellationToken.None)).ShouldBeTrue();
        _probe.IsGone.ShouldBeFalse();
        _probe.ThrowIfSilent();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Question_without_an_answer_is_silence_and_not_the_end(int answers)
    {
        using var server = Serve(answers, cuts: false);
        using var impatient = NewProbe(TimeSpan.FromMilliseconds(100));
        (await impatient.AskAsync(CancellationToken.None)).ShouldBeFalse();
        impatient.IsGone.ShouldBeFalse();
        impatient.Silence.ShouldNotBeNull();
        Should.Throw<IOException>(impatient.ThrowIfSilent).Message.ShouldBe("HAProxy does not answer: a question has been waiting for 100 ms.");
    }

    private HaproxyProbe NewProbe(TimeSpan answerMax) => new(Options with { AnswerMax = answerMax }, TimeProvider.System);

    /// <summary>Each connection gets so many answers, and is then cut, or kept without another word.</summary>
    private Socket Serve(int answers, bool cuts = true)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Options.Rendering.SocketPath));
        listener.Listen();
        _serving.Add(ServeAsync(listener, answers, cuts));
        return listener;
    }

    private async Task ServeAsync(Socket listener, int answers, bool cuts)
    {
        var buffer = new byte[1000];
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptAsync(_stop.Token);
                for (var i = 0; i < answers && await socket.ReceiveAsync(buffer, _stop.Token) > 0; i++)
                    await socket.SendAsync(Prompt, _stop.Token);
                if (!cuts)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}
