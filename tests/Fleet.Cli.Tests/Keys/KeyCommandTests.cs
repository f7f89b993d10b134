using Fleet.Cli.Messages;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Tests.Keys;

/// <summary>Making, listing and telling of keys.</summary>
public sealed class KeyCommandTests : KeyFolderTest
{
    [Fact]
    public async Task New_makes_both_keys_for_their_owner_s_eyes_only()
    {
        var run = await PbmAsync("new");
        run.Code.ShouldBe(ExitCode.Ok, run.Error);
        Keys.Select(key => key.Key.Flags).ShouldBe([DnsKey.KeySigningFlags, DnsKey.ZoneSigningFlags]);
        Keys.ShouldAllBe(key => key.Times.StateAt(Now) == KeyState.Active);
        foreach (var file in Directory.GetFiles(Folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        File.GetUnixFileMode(Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(Folder).Length.ShouldBe(4, "no temporary file is left");
    }

    [Fact]
    public async Task New_again_makes_nothing_and_changes_nothing()
    {
        await PbmAsync("new");
        var before = Texts();
        Time.Advance(TimeSpan.FromDays(1));
        var again = await SoundAsync("new");
        again["made"]!.AsArray().ShouldBeEmpty();
        Texts().ShouldBe(before);
    }

    [Fact]
    public async Task New_makes_the_role_that_is_lacking()
    {
        await SoundAsync("new --ksk");
        Keys.ShouldHaveSingleItem().Key.IsKeySigning.ShouldBeTrue();
        (await SoundAsync("new"))["made"]!.AsArray().Count.ShouldBe(1);
        Keys.Select(key => key.Key.IsKeySigning).ShouldBe([true, false]);
    }

    [Fact]
    public async Task No_command_prints_a_secret()
    {
        await PbmAsync("new");
        var texts = new List<string>();
        foreach (var words in new[] { "new", "list", "ds", "roll --zsk", "roll --ksk", "list --json", "ds --json", "roll --zsk --json" })
        {
            var run = await PbmAsync(words);
            texts.Add(run.Out + run.Error);
        }

        foreach (var key in Keys)
        {
            var base64 = Convert.ToBase64String(key.Secret);
            var hexadecimal = Convert.ToHexString(key.Secret);
            texts.ShouldAllBe(
                text => !text.Contains(base64, StringComparison.Ordinal) && !text.Contains(hexadecimal, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task List_tells_each_key_s_state_and_when_it_changes()
    {
        await PbmAsync("new");
        await PbmAsync("roll --zsk");
        var table = (await PbmAsync("list")).Out;
        table.ShouldContain("KSK");
        table.ShouldContain("published");
        table.ShouldContain("2030-01-01T02:00:00Z");
        var json = (await SoundAsync("list")).AsArray();
        json.Count.ShouldBe(3);
        var published = json.Single(key => (string)key!["state"]! == "published")!;
        ((string)published["role"]!).ShouldBe("zsk");
        ((string)published["next"]!).ShouldBe("2030-01-01T02:00:00Z");
        published["ds"].ShouldBeNull();
        ((string)json[0]!["ds"]!).ShouldBe(Keys[0].Key.ToDsText(Keys[0].Zone));
    }

    [Fact]
    public async Task Ds_prints_lines_of_a_zone_file_and_says_when()
    {
        await PbmAsync("new");
        var key = Key(isKeySigning: true, KeyState.Active);
        var early = await PbmAsync("ds");
        early.Code.ShouldBe(ExitCode.Ok);
        early.Out.ReplaceLineEndings("\n").ShouldBe(
            $"fleet.test. 3600 IN DS {key.Key.ToDsText(key.Zone)}\nfleet.test. 3600 IN CDS {key.Key.ToDsText(key.Zone)}\nfleet.test. 3600 IN "
            + $"CDNSKEY {key.Key.ToText()}\n");
        early.Error.ShouldContain("before 2030-01-02T01:00:00Z");
        Time.Advance(TimeSpan.FromHours(25));
        (await PbmAsync("ds")).Error.ShouldBe("");
    }

    [Fact]
    public async Task Ds_of_a_zone_without_a_key_signing_key_is_refused()
    {
        await PbmAsync("new --zsk");
        var run = await PbmAsync("ds");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("no key-signing key");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("ds")]
    [InlineData("roll --zsk")]
    public async Task A_folder_that_is_not_there_is_said_so(string words)
    {
        var run = await PbmAsync(words);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain(Folder);
    }

    [Fact]
    public async Task A_broken_file_is_named_and_nothing_is_written_beside_it()
    {
        await PbmAsync("new");
        var broken = Path.Combine(Folder, $"{Keys[0].FileName}.private");
        var text = await File.ReadAllTextAsync(broken);
        await File.WriteAllTextAsync(broken, text.Replace("PrivateKey: ", "PrivateKey: x", StringComparison.Ordinal));
        var before = Directory.GetFiles(Folder).Length;
        foreach (var words in new[] { "new", "roll --zsk", "ds", "list" })
        {
            var run = await PbmAsync(words);
            run.Code.ShouldBe(ExitCode.Usage, words);
            run.Error.ShouldContain(Path.GetFileNameWithoutExtension(broken));
            run.Error.ShouldNotContain(text.Split('\n')[2]);
        }

        Directory.GetFiles(Folder).Length.ShouldBe(before);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a..b")]
    [InlineData(".")]
    [InlineData("a/b")]
    public async Task A_zone_that_is_no_file_name_is_refused(string zone)
    {
        var run = await PbmRun.RunAsync(["gslb", "key", "new", "--zone", zone, "--dir", Folder], [], time: Time);
        run.Code.ShouldBe(ExitCode.Usage);
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_warned_of()
    {
        await PbmAsync("new");
        File.SetUnixFileMode(Path.Combine(Folder, $"{Keys[0].FileName}.private"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var run = await PbmAsync("list");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Error.ShouldContain("chmod 600");
    }

    private string Texts() => string.Join('\n', Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(File.ReadAllText));
}
