using Fleet.Node.Tests.Vips;

// The test host never comes here. Tests that stop or kill an agent start this assembly as that agent.
if (args is not [HoldingAgent.Mode, var link, var milliseconds, .. var vips])
    return 2;
await HoldingAgent.RunAsync(link, TimeSpan.FromMilliseconds(int.Parse(milliseconds)), vips);
return 0;
