using Fleet.Node.Control;

namespace Fleet.Node.Tests.Control;

public sealed class RetriedOrderTests
{
    private readonly TaskCompletionSource first = new();
    private readonly List<string> done = [];
    private readonly RetriedOrder<string> order;

    public RetriedOrderTests() => order = new RetriedOrder<string>(
        async (what, _) =>
        {
            if (what == "first")
                await first.Task;
            done.Add(what);
        },
        TimeProvider.System);

    [Fact]
    public async Task Older_order_that_succeeds_late_does_not_count_for_the_newest()
    {
        order.Want("first");
        (await order.GoOnAsync(default)).ShouldBeFalse();
        order.Want("second");
        first.SetResult();
        await UntilDoneAsync();
        done.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Older_order_that_fails_late_says_nothing_of_the_newest()
    {
        order.Want("first");
        (await order.GoOnAsync(default)).ShouldBeFalse();
        order.Want("second");
        first.SetException(new IOException("the older one"));
        await UntilDoneAsync();
        order.Failure.ShouldBeNull();
        done.ShouldBe(["second"]);
    }

    private async Task UntilDoneAsync()
    {
        for (var i = 0; i < 1000 && !await order.GoOnAsync(default); i++)
            await Task.Delay(10);
        order.Wanted.ShouldBeNull();
    }
}
