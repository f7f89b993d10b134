using System.CommandLine;
using Fleet.Cli.Messages;
using Fleet.Cli.Render;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Cli.Commands;

/// <summary><c>pbm vip</c>: looking only; VIPs move by plan or by loss, never by hand.</summary>
internal static class VipCommands
{
    public static PbmCommand Group(Shell shell) =>
        new("vip", "VIPs: who holds them and why", "pbm vip list --node adc-2", "pbm vip explain 127.0.10.1")
    {
        List(shell),
        Show(shell),
        Explain(shell),
    };

    private static PbmCommand List(Shell shell)
    {
        var ofNode = new Option<string?>("--node") { Description = "Only what this node owns", HelpName = "NODE" };
        var ofService = new Option<string?>("--service") { Description = "Only what is of this service", HelpName = "SERVICE" };
        var command = new PbmCommand(
            "list", "All VIPs with owner, standbys and traffic", "pbm vip list", "pbm vip list --service web --watch") { ofNode, ofService };
        var watch = new Watch(command);
        return command.Does(shell, (session, cancel) => watch.ShowAsync(
            session,
            async c =>
            {
                var all = await session.Client.ReadAsync(Routes.Vips, ApiJson.Default.ImmutableArrayVipView, c);
                return all.Where(
                    vip => Wanted(session.Get(ofNode), vip.Entry.Owner?.Value) && Wanted(session.Get(ofService), vip.Entry.Service.Value));
            },
            VipRenderer.List,
            cancel));
    }

    private static PbmCommand Show(Shell shell)
    {
        var address = Address();
        var command = new PbmCommand("show", "Everything known of one VIP", "pbm vip show 127.0.10.1") { address };
        return command.Does(shell, async (session, cancel) =>
        {
            session.Show(await session.Client.ReadAsync(Routes.Vip(session.Get(address)), ApiJson.Default.VipView, cancel), VipRenderer.Show);
            return ExitCode.Ok;
        });
    }

    private static PbmCommand Explain(Shell shell)
    {
        var address = Address();
        var command = new PbmCommand("explain", "Why a VIP is where it is, and what moved it", "pbm vip explain 127.0.10.1") { address };
        return command.Does(shell, async (session, cancel) =>
        {
            var path = Routes.VipExplain(session.Get(address));
            session.Show(await session.Client.ReadAsync(path, ApiJson.Default.VipExplanation, cancel), VipRenderer.Explain);
            return ExitCode.Ok;
        });
    }

    private static Argument<string> Address()
    {
        var address = new Argument<string>("VIP") { Description = "The VIP's address" };
        address.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !VipAddress.TryParse(text, out _))
                result.AddError($"'{text}' is not an IP address.");
        });
        return address;
    }

    private static bool Wanted(string? wanted, string? actual) => wanted is null || wanted == actual;
}
