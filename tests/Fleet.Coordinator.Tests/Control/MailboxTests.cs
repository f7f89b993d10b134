using Fleet.Coordinator.Control;

namespace Fleet.Coordinator.Tests.Control;

public sealed class MailboxTests
{
    /// <summary>A process that is told to end leads no more before its store has given the leadership back.</summary>
    [Fact]
    public async Task Nobody_is_answered_after_it_has_resigned_though_the_leadership_would_be_valid_still()
    {
        var mailbox = Leading.Mailbox();
        mailbox.IsLeading.ShouldBeTrue();
        mailbox.Resign();
        mailbox.IsLeading.ShouldBeFalse();
        await Should.ThrowAsync<NotLeadingException>(
            mailbox.LookAsync(leader => leader.State, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
    }

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
