using Fleet.Cli;
using Fleet.Cli.Sessions;

return await Pbm.RunAsync(args, CliHost.OfThisProcess());
