using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Services that have been held against the rules, with what was found. Of those that follow only what has changed is held against them: a follower
/// does this entry by entry, and has nothing left to do when it wins.
/// </summary>
internal sealed class CheckedServices
{
    public static readonly CheckedServices None = new(
        ImmutableSortedDictionary<ServiceName, Service>.Empty, ImmutableSortedDictionary<ServiceName, LeftOut>.Empty, 0);

    private readonly ImmutableSortedDictionary<ServiceName, Service> _services;
    private readonly ImmutableSortedDictionary<ServiceName, LeftOut> _mistakes;

    private CheckedServices(
        ImmutableSortedDictionary<ServiceName, Service> services, ImmutableSortedDictionary<ServiceName, LeftOut> mistakes, int checks) =>
        (_services, _mistakes, Checks) = (services, mistakes, checks);

    /// <summary>Those that break rules, by name.</summary>
    public IEnumerable<LeftOut> Mistakes => _mistakes.Values;

    /// <summary>How many services have been held against the rules for this, from the first on.</summary>
    public int Checks { get; }

    public CheckedServices Follow(ImmutableSortedDictionary<ServiceName, Service> services)
    {
        if (ReferenceEquals(services, _services))
            return this;
        var (mistakes, checks) = (_mistakes.ToBuilder(), Checks);
        mistakes.RemoveRange(_mistakes.Keys.Where(name => !services.ContainsKey(name)));
        foreach (var (name, service) in services.Where(each => !ReferenceEquals(each.Value, _services.GetValueOrDefault(each.Key))))
        {
            checks++;
            mistakes.Remove(name);
            if (MapRules.Mistakes(service) is { } left)
                mistakes.Add(name, left);
        }

        return new CheckedServices(services, mistakes.ToImmutable(), checks);
    }
}
