namespace Fleet.Shared.Tests.Testing;

public sealed class RunbookTests
{
    private const string Document = "# One\n\n```seen disk-full\nentry <its number> is not\nwritten: <why>.\n```\n\n```seen other\nx\n```\n";

    [Fact]
    public void A_message_is_found_by_its_name() =>
        Runbook.Message("disk-full", Document).ShouldBe("entry <its number> is not\nwritten: <why>.");

    [Fact]
    public void A_message_that_is_not_there_fails() => Should.Throw<Exception>(() => Runbook.Message("nothing", Document));

    [Fact]
    public void A_name_that_is_given_twice_fails() => Should.Throw<Exception>(() => Runbook.Message("other", Document + Document));

    [Theory]
    [InlineData("warn: entry 12 is not written: the disk is full.", true)]
    [InlineData("entry 12 is not\n      written: no.", true)]
    [InlineData("entry 12 is written: the disk is full.", false)]
    [InlineData("entry  is not written: .", false)]
    [InlineData("entry 12 is not written: the disk is full", false)]
    public void What_differs_from_time_to_time_may_differ_and_nothing_else(string seen, bool shown) =>
        Runbook.Holds(Runbook.Message("disk-full", Document), seen).ShouldBe(shown);
}
