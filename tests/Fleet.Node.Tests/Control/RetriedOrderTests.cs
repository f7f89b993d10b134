using Fleet.Node.Control;

namespace Fleet.Node.Tests.Control;

public sealed class RetriedOrderTests
{
    private readonly TaskCompletionSource _first = new();
    private readonly List<string> _done = [];
    private readonly RetriedOrder<string> _order;

    public RetriedOrderTests() => _order = new RetriedOrder<string>(
        async (what, _) =>
        {
            if (what == "first")
                await _first.Task;
            _done.Add(what);
        },
        TimeProvider.System);

    [Fact]
    public async Task Older_order_that_succeeds_late_does_not_count_for_the_newest()
    {
        _order.Want("first");
        (await _order.GoOnAsync(default)).ShouldBeFalse();
        _order.Want("second");
        _first.SetResult();
        await UntilDoneAsync();
        _done.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Older_order_that_fails_late_says_nothing_of_the_newest()
    {
        _order.Want("first");
        (await _order.GoOnAsync(default)).ShouldBeFalse();
        _order.Want("second");
        _first.SetException(new IOException("the older one"));
        await UntilDoneAsync();
        _order.Failure.ShouldBeNull();
        _done.ShouldBe(["second"]);
    }

    private async Task UntilDoneAsync()
    {
        for (var i = 0; i < 1000 && !await _order.GoOnAsync(default); i++)
            await Task.Delay(10);
        _order.Wanted.ShouldBeNull();
    }
}
