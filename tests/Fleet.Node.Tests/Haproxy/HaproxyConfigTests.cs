using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Haproxy.Plans;

namespace Fleet.Node.Tests.Haproxy;

public sealed class HaproxyConfigTests
{
    [Fact]
    public void Two_services() => Match("two-services.txt", HaproxyConfig.Render(Plan(3, Web, Db), States(Plan(3, Web, Db)), Options));

    [Fact]
    public void Nothing_yet() => Match("nothing-yet.txt", HaproxyConfig.Render(HaproxyLayout.Empty, Options));

    [Fact]
    public void Both_families_two_protocols_on_one_port_and_all_options()
    {
        var plan = Plan(
            9,
            Web with { Vips = [Vip("10.1.0.1"), Vip("2001:db8::1")], Backends = [new BackendServer("b6", IPEndPoint.Parse("[2001:db8::5]:81"))] },
            Db with
            {
                Listeners = [new Listener(80, ListenerProtocol.Tcp)],
                Vips = [Vip("10.1.0.3"), Vip("2001:db8::3")],
                Balance = BalancePolicy.Source,
            });
        var options = Options with { Interface = "vlan 7", MaxConnections = 5000, Threads = 4, Transparent = false, SpareSections = 0 };
        var layout = LayoutMaker.Next(null, plan, States(plan, ("web/b6", 256)), options) with { Draining = [Vip("2001:db8::1")] };
        Match("both-families.txt", HaproxyConfig.Render(layout, options));
    }

    [Theory]
    [InlineData("web\n    server evil 6.6.6.6:80")]
    [InlineData("web\r\nglobal")]
    [InlineData("web' # \" \\ ${HOME} %[env(PATH)]")]
    [InlineData("web;show info")]
    [InlineData("web,if { always_true }")]
    [InlineData("w\u0085e\u2028b\0")]
    [InlineData("")]
    public void Names_from_people_never_become_more_than_a_part_of_a_comment(string name)
    {
        var service = Web with { Name = new ServiceName(name), Backends = [new BackendServer(name, IPEndPoint.Parse("10.2.0.1:80"))] };
        var plan = Plan(1, service);
        var plain = Plan(1, Web with { Name = new ServiceName("x"), Backends = [new BackendServer("x", IPEndPoint.Parse("10.2.0.1:80"))] });
        var hostile = HaproxyConfig.Render(plan, States(plan), Options with { Node = name });
        var harmless = HaproxyConfig.Render(plain, States(plain), Options with { Node = "x" });
        WithoutComments(hostile["haproxy.cfg"]).ShouldBe(WithoutComments(harmless["haproxy.cfg"]));
        hostile["haproxy.cfg"].ShouldAllBe(c => c == '\n' || (c >= ' ' && c <= '~'));
        foreach (var (file, text) in hostile.Where(file => file.Key is not ("haproxy.cfg" or "carried.map")))
            text.ShouldBe(harmless[file]);
    }

    [Theory]
    [InlineData("/run/a b/haproxy.sock", "'/run/a b/haproxy.sock'")]
    [InlineData("/run/o'neill \"x\" $HOME #.sock", @"'/run/o'\''neill ""x"" $HOME #.sock'")]
    public void Paths_are_one_word(string path, string word) => HaproxyText.Quoted(path).ShouldBe(word);

    [Fact]
    public void Paths_of_two_lines_are_refused() => Should.Throw<ArgumentException>(() => HaproxyText.Quoted("/run/a\nglobal"));

    [Fact]
    public void Word_for_what_is_carried_changes_with_anything_that_is_loaded_and_names_the_generation()
    {
        var plan = Plan(5, Web);
        var word = Word(plan, States(plan), Options);
        CarriedWord.Generation(word).ShouldBe(new PlanGeneration(5));
        Word(plan, States(plan), Options).ShouldBe(word);
        Word(plan, States(plan, ("web/b1", 3)), Options).ShouldNotBe(word);
        Word(Plan(5, Web with { Vips = [Vip("10.1.0.1")] }), States(plan), Options).ShouldNotBe(word);
        Word(plan, States(plan), Options with { Threads = 1 }).ShouldNotBe(word);
        CarriedWord.Generation("nonsense").ShouldBe(PlanGeneration.None);
        CarriedWord.Generation(null).ShouldBe(PlanGeneration.None);

        static string Word(NodePlan plan, BackendStates states, RenderOptions options) =>
            CarriedWord.In(HaproxyConfig.Render(plan, states, options));
    }

    private static string WithoutComments(string config) => string.Join(
        '\n',
        config.Split('\n').Select(line => line.Split('#')[0].TrimEnd()).Where(line => !line.Contains("unique-id-format", StringComparison.Ordinal)));

    private static void Match(string name, IReadOnlyDictionary<string, string> files) =>
        Golden.Match(name, string.Concat(files.Select(file => $"== {file.Key}\n{file.Value}")));
}
