using System.Net;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Contracts;

/// <summary>Entries and states that differ by their numbers.</summary>
public static class Samples
{
    internal static JournalEntry Entry(long revision, long term) => new(
        revision,
        term,
        DateTimeOffset.UnixEpoch.AddSeconds(revision),
        Principal.Leader,
        [
            new FleetEvent.NodeLost(new NodeName($"adc-{revision}"), "silent for 450 ms; \"quoted\"\nand ünïcode"),
            new FleetEvent.VipsServing([VipAddress.Parse("192.0.2.1"), VipAddress.Parse("2001:db8::1")]),
        ]);

    /// <summary>50,000 VIPs move: 2.9 MB of JSON.</summary>
    internal static JournalEntry Large(long revision, long term) => new(
        revision,
        term,
        DateTimeOffset.UnixEpoch,
        Principal.Leader,
        [
            new FleetEvent.VipsMoved(
                [.. Vips(50_000).Select((vip, i) => new VipMove(vip, new NodeName($"adc-{i % 1000}"), MoveReason.OwnerLost))]),
        ]);

    internal static IEnumerable<VipAddress> Vips(int count) =>
        Enumerable.Range(0, count).Select(i => new VipAddress(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i])));

    internal static FleetState State(long revision, long term) => FleetState.Empty with
    {
        Map = FleetMap.Empty with { Version = new MapVersion(term, revision), Parent = new MapVersion(term, revision - 1) },
    };

    /// <summary>Records that hold arrays are compared by their text.</summary>
    internal static string Text(this JournalEntry entry) => JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry);

    internal static string Text(this FleetState state) => JsonSerializer.Serialize(state, JournalJson.Default.FleetState);
}
