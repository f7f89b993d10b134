using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Commands;

/// <summary>What needs more than access to the API.</summary>
internal enum Permission
{
    /// <summary>Have a command carried out although the protection does not hold with it.</summary>
    Force,
}

/// <summary>What somebody may do.</summary>
internal sealed record Rights(ImmutableSortedSet<Permission> Granted)
{
    public static readonly Rights All = new([.. Enum.GetValues<Permission>()]);

    public static readonly Rights None = new([]);

    /// <summary>
    /// The one place where a principal gets its rights. A claim is all that a client has until there is authentication: whoever reaches the API may
    /// do what it offers.
    /// </summary>
    public static Rights Of(Principal by) => by.Proof switch
    {
        Proof.Claimed or Proof.System => All,
        _ => None,
    };

    /// <summary>Why the asker may not use force, whatever becomes of the command itself; null when it may.</summary>
    public Decision.Refused? Refusal(Principal by, bool force) => force && !Granted.Contains(Permission.Force)
        ? new Decision.Refused(
            RefusalKind.Forbidden,
            $"{by} may not force what would break the protection: ask without --force, or ask somebody who has the permission 'force'.")
        : null;
}
