using Fleet.Cli.Messages;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Tests.Keys;

/// <summary>Rolls, step by step, by a clock that the test turns.</summary>
public sealed class KeyRollTests : KeyFolderTest
{
    [Fact]
    public async Task Zone_signing_key_is_published_then_signs_and_the_old_one_lingers()
    {
        await SoundAsync("new");
        var old = Key(isKeySigning: false, KeyState.Active);
        await SoundAsync("roll --zsk --prepublish 2h --retire 25h");
        var next = Key(isKeySigning: false, KeyState.Published);
        Key(isKeySigning: false, KeyState.Active).Key.ShouldBe(old.Key);
        Time.Advance(TimeSpan.FromHours(2));
        Key(isKeySigning: false, KeyState.Active).Key.ShouldBe(next.Key);
        Key(isKeySigning: false, KeyState.Retired).Key.ShouldBe(old.Key);
        Time.Advance(TimeSpan.FromHours(25));
        Key(isKeySigning: false, KeyState.Removed).Key.ShouldBe(old.Key);
        Key(isKeySigning: false, KeyState.Active).Key.ShouldBe(next.Key);
    }

    [Fact]
    public async Task At_no_moment_is_there_no_key_or_one_that_nobody_may_know_yet()
    {
        await SoundAsync("new");
        await SoundAsync("roll --zsk");
        for (var minutes = 0; minutes < 30 * 60; minutes += 10, Time.Advance(TimeSpan.FromMinutes(10)))
        {
            var active = Key(isKeySigning: false, KeyState.Active);
            (Now - active.Times.Publish).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(minutes < 120 ? 0 : KeyFileText.TtlSeconds);
        }
    }

    [Fact]
    public async Task Rolling_again_while_a_roll_runs_changes_nothing_and_tells_so()
    {
        await SoundAsync("new");
        await SoundAsync("roll --zsk");
        var count = Keys.Count;
        var again = await PbmAsync("roll --zsk");
        again.Code.ShouldBe(ExitCode.Ok);
        again.Out.ShouldContain("under way");
        Keys.Count.ShouldBe(count);
    }

    [Fact]
    public async Task Hurry_is_refused_until_every_resolver_can_know_the_new_key()
    {
        await SoundAsync("new");
        (await PbmAsync("roll --zsk --activate-now")).Code.ShouldBe(ExitCode.Refused);
        await SoundAsync("roll --zsk --prepublish 10h");
        var next = Key(isKeySigning: false, KeyState.Published);
        Time.Advance(TimeSpan.FromSeconds(3599));
        var early = await PbmAsync("roll --zsk --activate-now");
        early.Code.ShouldBe(ExitCode.Refused);
        early.Error.ShouldContain("2030-01-01T01:00:00Z");
        Time.Advance(TimeSpan.FromSeconds(1));
        await SoundAsync("roll --zsk --activate-now");
        Key(isKeySigning: false, KeyState.Active).Key.ShouldBe(next.Key);
        Key(isKeySigning: false, KeyState.Retired).Times.Delete.ShouldBe(Now + (26 * 3600));
    }

    [Fact]
    public async Task Key_signing_keys_work_side_by_side_until_the_parent_has_the_new_ds()
    {
        await SoundAsync("new");
        Time.Advance(TimeSpan.FromDays(30));
        var old = Key(isKeySigning: true, KeyState.Active);
        var first = await PbmAsync("roll --ksk");
        first.Out.ShouldContain("From 2030-01-31T02:00:00Z on, and not before");
        var next = Keys.Single(key => key.Key.IsKeySigning && key.Key.Tag != old.Key.Tag);
        Keys.Where(key => key.Key.IsKeySigning).ShouldAllBe(key => key.Times.StateAt(Now) == KeyState.Active);
        Offered().ShouldBe([old.Key]);
        (await PbmAsync("roll --ksk")).Out.ShouldContain("--ds-changed");

        (await PbmAsync("roll --ksk --ds-changed")).Code.ShouldBe(ExitCode.Refused, "resolvers may not know the new key");
        Time.Advance(TimeSpan.FromHours(2));
        Offered().ShouldBe([next.Key]);
        (await PbmAsync("ds")).Out.ShouldContain($"IN DS {next.Key.Tag} ");
        (await PbmAsync("ds")).Out.ShouldNotContain($"IN DS {old.Key.Tag} ");
        await SoundAsync("roll --ksk --ds-changed --ds-ttl 1d");
        Keys.Count(key => key.Key.IsKeySigning && key.Times.StateAt(Now) == KeyState.Active).ShouldBe(2);
        (await PbmAsync("roll --ksk --ds-changed")).Out.ShouldContain("by itself");
        Time.Advance(TimeSpan.FromDays(1));
        Key(isKeySigning: true, KeyState.Active).Key.ShouldBe(next.Key);
        Key(isKeySigning: true, KeyState.Removed).Key.ShouldBe(old.Key);
        (await PbmAsync("roll --ksk --ds-changed")).Code.ShouldBe(ExitCode.Refused, "no roll is under way");
    }

    [Theory]
    [InlineData("roll")]
    [InlineData("roll --zsk --ksk")]
    [InlineData("roll --ksk --activate-now")]
    [InlineData("roll --zsk --ds-changed")]
    [InlineData("roll --zsk --ds-ttl 1d")]
    [InlineData("roll --ksk --retire 2d")]
    [InlineData("roll --zsk --prepublish 59m")]
    [InlineData("roll --zsk --prepublish soon")]
    public async Task Words_that_do_not_go_together_are_usage(string words)
    {
        await SoundAsync("new");
        (await PbmAsync(words)).Code.ShouldBe(ExitCode.Usage);
        Keys.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("roll --zsk")]
    [InlineData("roll --ksk")]
    public async Task Nothing_is_rolled_where_there_is_nothing(string words)
    {
        await SoundAsync(words.Contains("zsk", StringComparison.Ordinal) ? "new --ksk" : "new --zsk");
        (await PbmAsync(words)).Code.ShouldBe(ExitCode.Refused);
        Keys.Count.ShouldBe(1);
    }

    private DnsKey[] Offered() => [.. Keys.Where(key => key.Times.IsOfferedAt(Now)).Select(key => key.Key)];
}
