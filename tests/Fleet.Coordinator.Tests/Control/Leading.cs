using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>Leadership without a store.</summary>
internal static class Leading
{
    public static Mailbox Mailbox()
    {
        var mailbox = new Mailbox();
        mailbox.Lead(new Leadership(1, Instant.Forever, MonotonicClock.System));
        return mailbox;
    }
}
