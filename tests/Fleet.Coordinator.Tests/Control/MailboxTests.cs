using Fleet.Coordinator.Control;

namespace Fleet.Coordinator.Tests.Control;

public sealed class MailboxTests
{
    [Fact]
    public async Task Read_that_waits_when_the_leadership_ends_is_told_so()
    {
        var mailbox = Leading.Mailbox();
        var look = mailbox.LookAsync(leader => leader.State, CancellationToken.None);
        await Task.Delay(50);
        look.IsCompleted.ShouldBeFalse("nobody has taken it out of the box");
        mailbox.Resign();
        await Should.ThrowAsync<NotLeadingException>(look.WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
