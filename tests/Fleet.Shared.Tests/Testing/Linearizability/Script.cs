using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing.Linearizability;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>
/// Histories written by hand: services are named by letters, their definitions by words, and all revisions are of term 1 unless told otherwise.
/// </summary>
internal sealed class Script(Observation? start = null)
{
    private readonly Recorder _recorder = new(start);

    public History History => _recorder.History;

    public static MapVersion V(long revision, long term = 1) => new(term, revision);

    public static Operation Apply(string service, string definition, MapVersion? ifVersion = null) =>
        Operation.Apply(ServiceName.Parse(service), definition, ifVersion);

    public static Operation Remove(string service, MapVersion? ifVersion = null) => Operation.Remove(ServiceName.Parse(service), ifVersion);

    public static Operation Intend(NodeIntent intent) => Operation.Intend(NodeName.Parse("adc-1"), intent);

    public static Outcome Done(long revision, long term = 1) => new Outcome.Done(V(revision, term));

    public static Outcome SoAlready(long revision) => new Outcome.Done(V(revision), Changed: false);

    public static Outcome Refused(Refusal why) => new Outcome.Refused(why);

    /// <summary>All services, such as <c>a=1 b=2</c>.</summary>
    public static Outcome Saw(long revision, string services, long term = 1) => new Outcome.Saw(Services(V(revision, term), services));

    /// <summary>One service, by an answer that has no version; empty is none.</summary>
    public static Outcome SawOne(string service, string definition) =>
        new Outcome.Saw(Observation.One(Item.For(ServiceName.Parse(service)), definition.Length > 0 ? definition : null));

    public static Outcome SawNode(long revision, NodeIntent? intent) =>
        new Outcome.Saw(Observation.From(NodeName.Parse("adc-1"), intent, V(revision)));

    public static Observation Services(MapVersion version, string services) => new()
    {
        Version = version,
        Values = services.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToImmutableSortedDictionary(text => Item.For(ServiceName.Parse(text[..1])), string? (text) => text[2..]),
        Whole = [ItemKind.Service],
    };

    public Script Do(string who, long from, long to, Operation operation, Outcome outcome)
    {
        _recorder.Return(_recorder.Invoke(who, operation, from), outcome, to);
        return this;
    }

    public Script Read(string who, long from, long to, Outcome outcome) => Do(who, from, to, Operation.Read, outcome);

    /// <summary>Nobody knows what came of it.</summary>
    public Script Lost(string who, long from, Operation operation, long? until = null)
    {
        _recorder.Unknown(_recorder.Invoke(who, operation, from), until);
        return this;
    }

    public void IsRight()
    {
        var result = HistoryChecker.Check(History);
        result.IsRight.ShouldBeTrue(result.ToString());
    }

    /// <summary>Wrong, for a reason that has these words, and the calls with these numbers show it.</summary>
    public void IsWrong(string why, params int[] calls)
    {
        var wrong = HistoryChecker.Check(History).ShouldBeOfType<CheckResult.Wrong>();
        wrong.Violation.What.ShouldContain(why);
        wrong.Violation.Calls.Select(call => call.Id).Order().ToArray().ShouldBe(calls, wrong.ToString());
    }
}
