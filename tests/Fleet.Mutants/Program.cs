using System.Runtime.InteropServices;
using Fleet.Mutants;
using Fleet.Mutants.Hosting;
using Fleet.Mutants.Running;
using Fleet.Mutants.Telling;
using Fleet.Mutants.Weaving;

if (args is [HostOrder.Verb, ..])
{
    // Threads that tests have left behind must not keep it.
    Environment.Exit(Host.Run(HostOrder.Parse(args)));
}

if (args.Contains("--help"))
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var arguments = Arguments.Parse(args);
    var checkout = Checkout.Here();
    var catalogue = Catalogue.Read(checkout);
    var mutants = catalogue.Chosen(arguments.Only);
    if (arguments.IsList)
    {
        foreach (var mutant in mutants)
            Console.WriteLine($"{mutant.Subject,-12} {mutant.Id,-60} {mutant.Why}");
        return 0;
    }

    var findings = await new Board(checkout, catalogue, arguments).RunAsync(mutants, stop.Token);
    Console.WriteLine(Table.Terminal(findings));
    if (arguments.IsWrite && findings.NotRun.Count == 0)
        File.WriteAllText(checkout.Testing, Table.Into(File.ReadAllText(checkout.Testing), findings, catalogue.Mutants));
    return findings.IsClean ? 0 : 1;
}
catch (MutantsException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (OperationCanceledException)
{
    return 130;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
