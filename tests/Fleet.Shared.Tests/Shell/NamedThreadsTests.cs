using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Shell;

public sealed class NamedThreadsTests
{
    private readonly NamedThreads _threads = new();

    [Fact]
    public void Thread_is_new_once_and_again_when_it_has_its_name()
    {
        Look((1, "fleet-node"), (2, ".NET TP Gate")).ShouldBe([1, 2]);
        Look((1, "fleet-node"), (2, ".NET TP Gate")).ShouldBeEmpty();
        Look((1, "fleet-node"), (2, ".NET TP Worker")).ShouldBe([2]);
        Look((1, "fleet-node"), (2, ".NET TP Worker")).ShouldBeEmpty();
    }

    [Fact]
    public void Number_that_is_given_to_another_thread_is_new()
    {
        Look((1, "fleet-node"), (2, ".NET TP Worker")).ShouldBe([1, 2]);
        Look((1, "fleet-node")).ShouldBeEmpty();
        Look((1, "fleet-node"), (2, ".NET TP Worker")).ShouldBe([2]);
    }

    private IEnumerable<int> Look(params (int Thread, string Name)[] now) =>
        _threads.New(now.ToDictionary(t => t.Thread, t => t.Name)).Select(t => t.Thread).Order();
}
