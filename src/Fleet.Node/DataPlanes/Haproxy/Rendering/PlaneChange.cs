using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>What it takes to bring HAProxy from one layout to another.</summary>
internal abstract record PlaneChange
{
    private PlaneChange()
    {
    }

    /// <summary>Both are the same.</summary>
    public sealed record Nothing : PlaneChange;

    /// <summary>
    /// Commands of the runtime API, in this order (management.txt, section 9.3). Who comes in comes before who goes, so that no VIP is without
    /// backends in between. Each is answered with nothing, or with that a server was registered.
    /// </summary>
    public sealed record AtRuntime(ImmutableArray<string> Commands) : PlaneChange;

    /// <summary>The configuration has to be loaded anew.</summary>
    /// <param name="Why">For people.</param>
    public sealed record ByReload(string Why) : PlaneChange;

    /// <param name="loaded">Null where nobody knows what is loaded.</param>
    public static PlaneChange Between(HaproxyLayout? loaded, HaproxyLayout wanted)
    {
        if (loaded is null)
            return new ByReload("nobody knows what is loaded");
        if (!SameItems(loaded.Ports, wanted.Ports, (one, other) => one.ListensAs(other)))
            return new ByReload("other ports are listened on");
        if (!SameItems(loaded.Sections, wanted.Sections, (one, other) => one.Name == other.Name && one.Kind == other.Kind))
            return new ByReload("the spare sections do not suffice");
        var pairs = loaded.Sections.Zip(wanted.Sections, (before, after) => (Before: before, After: after)).ToArray();
        if (pairs.Any(pair => !Grows(pair.Before, pair.After)))
            return new ByReload("backends that are gone are to be forgotten");
        ImmutableArray<string> commands =
        [
            .. pairs.SelectMany(pair => Coming(pair.Before, pair.After)),
            .. loaded.Ports.Zip(wanted.Ports).SelectMany(port => Routed(port.First, port.Second)),
            .. wanted.Draining.Except(loaded.Draining).Select(vip => $"add map {HaproxyConfig.DrainMap} {Text(vip)} 1"),
            .. loaded.Draining.Except(wanted.Draining).Select(vip => $"del map {HaproxyConfig.DrainMap} {Text(vip)}"),
            .. pairs.SelectMany(pair => Going(pair.Before, pair.After)),
        ];
        return commands.IsEmpty && loaded.Generation == wanted.Generation && loaded.Plan == wanted.Plan ? new Nothing() : new AtRuntime(commands);
    }

    private static bool SameItems<T>(ImmutableArray<T> some, ImmutableArray<T> others, Func<T, T, bool> same) =>
        some.Length == others.Length && some.Zip(others).All(pair => same(pair.First, pair.Second));

    /// <summary>What is loaded stays where it is; there may be more.</summary>
    private static bool Grows(HaproxySection before, HaproxySection after) =>
        before.Slots.Length <= after.Slots.Length
        && before.Slots.Zip(after.Slots).All(pair => pair.First.Name == pair.Second.Name
            && pair.First.Id == pair.Second.Id
            && pair.First.Server.Address.Equals(pair.Second.Server.Address));

    private static IEnumerable<string> Coming(HaproxySection before, HaproxySection after)
    {
        for (var i = 0; i < after.Slots.Length; i++)
        {
            var slot = after.Slots[i];
            var server = $"{after.Name}/{slot.Name}";
            var weight = i < before.Slots.Length ? before.Slots[i].Weight : 0;
            if (i >= before.Slots.Length)
                yield return $"add server {server} {HaproxyConfig.ServerWords(after.Kind, slot)}";
            else if (slot.Weight != 0 && slot.Weight != weight)
                yield return $"set server {server} weight {slot.Weight}";
            if (slot.Weight != 0 && weight == 0)
                yield return $"set server {server} state ready";
        }
    }

    private static IEnumerable<string> Going(HaproxySection before, HaproxySection after) =>
        before.Slots.Zip(after.Slots).Where(pair => pair.First.Weight != 0 && pair.Second.Weight == 0)
            .Select(pair => $"set server {after.Name}/{pair.Second.Name} state maint");

    private static IEnumerable<string> Routed(HaproxyPort before, HaproxyPort after)
    {
        foreach (var (vip, section) in after.Sections)
        {
            if (!before.Sections.TryGetValue(vip, out var old))
                yield return $"add map {after.MapFile} {Text(vip)} {section}";
            else if (old != section)
                yield return $"set map {after.MapFile} {Text(vip)} {section}";
        }

        foreach (var vip in before.Sections.Keys.Except(after.Sections.Keys))
            yield return $"del map {after.MapFile} {Text(vip)}";
    }

    private static string Text(VipAddress vip) => HaproxyText.Address(vip.Value);
}
