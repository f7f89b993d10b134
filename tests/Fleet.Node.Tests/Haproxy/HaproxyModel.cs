using Fleet.Node.DataPlanes.Haproxy.Rendering;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>What HAProxy does with a layout that it loads, and with the commands that change it: its maps, and the servers of its sections.</summary>
internal sealed class HaproxyModel
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _maps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Server> _servers = new(StringComparer.Ordinal);

    public HaproxyModel(HaproxyLayout layout)
    {
        _maps[HaproxyConfig.DrainMap] = new(layout.Draining.ToDictionary(vip => vip.ToString(), _ => "1"), StringComparer.Ordinal);
        foreach (var port in layout.Ports)
            _maps[port.MapFile] = new(port.Sections.ToDictionary(vip => vip.Key.ToString(), vip => vip.Value), StringComparer.Ordinal);
        foreach (var section in layout.Sections)
            foreach (var slot in section.Slots)
                _servers[$"{section.Name}/{slot.Name}"] = new Server($"{slot.Server.Address} id {slot.Id}", slot.Weight, slot.Weight > 0);
    }

    /// <summary>The servers that take connections to each VIP, by map; a server that takes none is left out.</summary>
    public SortedDictionary<string, string[]> Served() => new(
        (from map in _maps
         where map.Key != HaproxyConfig.DrainMap
         from entry in map.Value
         select KeyValuePair.Create(
             $"{map.Key} {entry.Key}",
             (from server in _servers
              where server.Key.StartsWith(entry.Value + "/", StringComparison.Ordinal) && server.Value.IsReady
              select $"{server.Key} {server.Value}").ToArray())).ToDictionary(),
        StringComparer.Ordinal);

    public override string ToString() => string.Join(
        '\n',
        _maps.SelectMany(map => map.Value.Select(entry => $"{map.Key} {entry.Key} {entry.Value}"))
            .Concat(_servers.Select(server => $"{server.Key} {(server.Value.IsReady ? server.Value : server.Value.Words)}")));

    /// <exception cref="InvalidOperationException">HAProxy would refuse it.</exception>
    public void Tell(string command)
    {
        switch (command.Split(' '))
        {
            case ["add", "map", var map, var key, var value] when _maps[map].TryAdd(key, value):
            case ["del", "map", var from, var gone] when _maps[from].Remove(gone):
                break;
            case ["set", "map", var map, var key, var value] when _maps[map].ContainsKey(key):
                _maps[map][key] = value;
                break;
            case ["add", "server", var server, var address, "id", var id, "weight", var weight, ..]:
                _servers.Add(server, new Server($"{address} id {id}", int.Parse(weight), false));
                break;
            case ["set", "server", var server, "weight", var weight]:
                _servers[server] = _servers[server] with { Weight = int.Parse(weight) };
                break;
            case ["set", "server", var server, "state", "ready" or "maint"]:
                _servers[server] = _servers[server] with { IsReady = command.EndsWith("ready", StringComparison.Ordinal) };
                break;
            default:
                throw new InvalidOperationException($"HAProxy refuses '{command}'.");
        }
    }

    private sealed record Server(string Words, int Weight, bool IsReady);
}
