using Fleet.Cli;

return await Pbm.RunAsync(args, CliHost.OfThisProcess());
