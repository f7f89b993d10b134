using System.CommandLine;
using Fleet.Lab.Failures;
using Fleet.Lab.Labs;
using Fleet.Lab.Topology;
using Fleet.Shared.Json;

namespace Fleet.Lab.Commands;

/// <summary><c>lab fail</c> and <c>lab heal</c>.</summary>
internal static class FailCommands
{
    private static readonly (FailureKind Kind, string Word)[] Kinds =
        [.. Enum.GetValues<FailureKind>().Select(kind => (kind, Kebab.Word(kind)))];

    public static Command Fail()
    {
        var kind = new Argument<string>("kind") { Description = string.Join(", ", Kinds.Select(each => each.Word)) };
        kind.AcceptOnlyFromAmong([.. Kinds.Select(each => each.Word)]);
        var place = new Argument<string>("host") { Description = "A host, or a rack; with delay, loss and cut also a site, coordinators or all." };
        var only = new Option<string?>("--only")
        {
            Description = "With kill, stop and cont: only agent, coordinator, backend, or programs of another name, such as haproxy.",
        };
        var by = new Option<double>("--by") { Description = "Delay in ms, each way." };
        var jitter = new Option<double>("--jitter") { Description = "Up to so many ms more, by chance." };
        var share = new Option<double>("--share") { Description = "What part of the packets is lost, in percent." };
        var reorder = new Option<bool>("--reorder") { Description = "Packets may overtake each other." };
        var to = new Option<string?>("--to") { Description = "The other end; all." };
        var oneWay = new Option<bool>("--one-way") { Description = "Only what leaves the first end." };
        var command = new Command("fail", "Make something fail.")
        {
            kind, place, only, by, jitter, share, reorder, to, oneWay, LabOptions.Name,
        };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            var wanted = Kinds.First(each => each.Word == parsed.GetValue(kind)).Kind;
            var shape = new WireShape
            {
                DelayMs = parsed.GetValue(by),
                JitterMs = parsed.GetValue(jitter),
                Loss = parsed.GetValue(share) / 100,
                Reorder = parsed.GetValue(reorder),
            };
            if (wanted is FailureKind.Delay or FailureKind.Loss && shape == WireShape.Clear)
                throw new LabException("Nothing was done: say how much, with --by MS, --jitter MS or --share PERCENT.");
            var failure = new Failure(wanted, parsed.GetValue(place)!)
            {
                Only = parsed.GetValue(only),
                To = parsed.GetValue(to),
                Shape = shape,
                OneWay = parsed.GetValue(oneWay),
            };
            await SayAsync(await FailureRun.FailAsync(NetworkLab.Open(parsed.GetValue(LabOptions.Name)!), failure, cancellation));
            return 0;
        }));
        return command;
    }

    public static Command Heal()
    {
        var place = new Argument<string?>("host") { Description = "A host, or a rack; everything.", DefaultValueFactory = _ => null };
        var command = new Command("heal", "Mend what was made to fail, and start again what has ended.") { place, LabOptions.Name };
        command.SetAction((parsed, cancellation) => LabErrors.GuardAsync(async () =>
        {
            await SayAsync(await FailureRun.HealAsync(NetworkLab.Open(parsed.GetValue(LabOptions.Name)!), parsed.GetValue(place), cancellation));
            return 0;
        }));
        return command;
    }

    private static async Task SayAsync(IEnumerable<string> done)
    {
        foreach (var each in done)
            await Console.Out.WriteLineAsync(each);
    }
}
