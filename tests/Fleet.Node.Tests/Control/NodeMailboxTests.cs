using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Control;

public sealed class NodeMailboxTests
{
    private static readonly BackendKey Key = new(new ServiceName("web"), "b1");

    private readonly NodeMailbox _mailbox = new();

    /// <summary>A verdict is told once, when it changes, and SIGTERM comes once: both were dropped when strangers had filled the box.</summary>
    [Fact]
    public void What_comes_once_is_kept_when_what_comes_again_has_flooded_the_box()
    {
        for (var i = 0; i < 20_000; i++)
            _mailbox.Post(new NodeInput.Tick());
        for (var i = 0; i < 3_000; i++)
            _mailbox.Tell(new NodeInput.Checked(Key, i % 2 == 0 ? Verdict.Up : Verdict.Down));
        _mailbox.Tell(new NodeInput.StopAsked());
        var read = Read();
        read.OfType<NodeInput.Tick>().Count().ShouldBeInRange(5_000, 10_000, "memory is bounded");
        read
            .OfType<NodeInput.Checked>()
            .Select(judged => judged.Verdict)
            .ShouldBe(Enumerable.Range(0, 3_000).Select(i => i % 2 == 0 ? Verdict.Up : Verdict.Down));
        read[^1].ShouldBeOfType<NodeInput.StopAsked>();
    }

    /// <summary>The data plane's last report waited for a loop that had ended, and the agent never stopped.</summary>
    [Fact]
    public async Task Nobody_waits_for_a_loop_that_has_ended()
    {
        for (var i = 0; i < 10_001; i++)
            _mailbox.Tell(new NodeInput.Tick());
        var waiting = _mailbox.PostAsync(new NodeInput.LinkClosed(), CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        _mailbox.Close();
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        await _mailbox.PostAsync(new NodeInput.LinkClosed(), CancellationToken.None);
        _mailbox.Tell(new NodeInput.LinkClosed());
    }

    private List<NodeInput> Read()
    {
        var read = new List<NodeInput>();
        while (_mailbox.Reader.TryRead(out var input))
            read.Add(input);
        return read;
    }
}
