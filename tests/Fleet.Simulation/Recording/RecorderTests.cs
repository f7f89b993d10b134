using Fleet.Simulation.Plans;
using Fleet.Simulation.Shrinking;
using Fleet.Simulation.Stories;

namespace Fleet.Simulation.Recording;

public sealed class RecorderTests : IDisposable
{
    private const string World =
        """
        seed 4
        nodes 3
        service web0:10.0.0.1-10.0.0.6
        service web1:10.0.3.1
        quiet 12s
        4s kill node=adc-2
        5s kill-coordinator
        5.25s start-coordinator
        6s apply service=web1:10.0.3.1-10.0.3.2
        7s cut-off node=adc-3
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-stories").FullName;
    private readonly StringWriter _said = new();

    private Recorder Recorder => new(_folder, ["From a test."], _said);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Plan_is_told_with_what_comes_of_it_and_tells_the_same_again()
    {
        Recorder.Record("a-plan", PlanText.Read(World), null).ShouldBeTrue(_said.ToString());
        var story = File.ReadAllText(Path.Combine(_folder, "a-plan.story"));
        story.Split('\n').Where(l => !l.StartsWith(' ')).ShouldBe(
            [
                "# From a test.", "nodes 3", "service web vips 6", "service mail vips 1",
                "run 4s", "kill adc-2", "run 1s", "kill coordinator", "run 250ms", "start coordinator", "run 750ms", "service mail vips 2",
                "run 1s", "cut adc-3 from all", "run 5s", "# Everything is mended.", "heal", "start adc-2",
                "run 20s", "show owners", "show outage", "",
            ]);
        story.ShouldContain("    adc-1  up, taking its share");
        new StoryTeller().Tell(story).ShouldBe(story);
    }

    [Fact]
    public void What_has_no_verb_is_said_and_nothing_is_written()
    {
        Recorder.Record("a-plan", PlanText.Read(World + "\n7s slow-disk for=2s milliseconds=50"), null).ShouldBeFalse();
        _said.ToString().ShouldContain("This cannot be told as a story: stories have no verb for slow-disk");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void What_has_no_verb_is_left_out_where_it_does_not_matter()
    {
        var plan = PlanText.Read("nodes 2\nquiet 4s\n3s slow-disk for=100ms milliseconds=50\n3.5s join node=adc-3\n5s cut-off node=adc-2");
        var failure = ParallelTrials.Play(plan).ShouldNotBeNull();
        Recorder.Record("a-plan", plan, failure).ShouldBeTrue(_said.ToString());
        _said.ToString().ShouldContain("no verb for slow-disk: left out");
        File.ReadAllLines(Path.Combine(_folder, "a-plan.story"))[0].ShouldBe($"# {failure.Law}");
    }

    [Fact]
    public void Story_that_is_there_stays_and_settings_that_are_lost_are_named()
    {
        var plan = PlanText.Read("policy.protection.nodes 2\n" + World);
        Recorder.Record("a-plan", plan, null).ShouldBeTrue();
        _said.ToString().ShouldContain("does without: policy.protection.nodes 2.");
        Recorder.Record("a-plan", plan, null).ShouldBeFalse();
        _said.ToString().ShouldContain("There is a story 'a-plan' already");
    }
}
