using System.Net.WebSockets;
using Fleet.Coordinator.Control;
using Fleet.Node.Control;
using Fleet.Shared.Shell;

namespace Fleet.Simulation;

/// <summary>
/// A real run and a simulated one go through the same files but for clock, scheduler, disk and network. What stands in for them is listed here: every
/// type that the programs are given and of which the simulation has one of its own. What such a type hands out (a disk its files, a host its
/// listeners) belongs to it.
/// </summary>
public sealed class ReplacedTests
{
    private static readonly string[] Replaced =
    [
        "IAside", // threads
        "ICheck", // the network to backends
        "IDatagrams", // UDP
        "IDialler", // TCP
        "IDisk",
        "IFleetStore", // the real one, looked at; of several coordinators, one in the place of etcd and PostgreSQL
        "IPlaneDriver", // the real one, which fails at times
        "IRelayHost", // starting, killing and reaching processes
        "IServingHost", // the sockets of VIPs
        "IStandbyDialler", // TCP
        "SynchronizationContext", // the scheduler
        "TimeProvider",
    ];

    private static readonly Type[] OfTheFramework = [typeof(SynchronizationContext), typeof(TimeProvider), typeof(WebSocket), typeof(Stream)];

    [Fact]
    public void Simulation_replaces_clock_scheduler_disk_and_network_and_nothing_else()
    {
        var seams = new[] { typeof(LeaderProgram), typeof(AgentLoop), typeof(IDisk) }.SelectMany(t => t.Assembly.GetTypes()).Where(
            t => t.IsInterface || (t.IsAbstract && !t.IsSealed));
        var own = typeof(ReplacedTests).Assembly.GetTypes().Where(IsOfWorlds).ToArray();
        var replaced = seams.Concat(OfTheFramework).Where(seam => own.Any(seam.IsAssignableFrom)).ToArray();
        var handedOut = replaced.SelectMany(HandsOut).ToHashSet();
        replaced.Except(handedOut).Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(Replaced);
    }

    private static bool IsOfWorlds(Type type) =>
        type is { IsClass: true, IsAbstract: false }
            && type.Namespace is "Fleet.Simulation.Runtime" or "Fleet.Simulation.Net" or "Fleet.Simulation.Disks" or "Fleet.Simulation.Stores"
                or "Fleet.Simulation.Worlds";

    private static IEnumerable<Type> HandsOut(Type seam) =>
        seam.Assembly.GetName().Name!.StartsWith("System", StringComparison.Ordinal) ? [] : seam.GetMethods().SelectMany(m => Within(m.ReturnType));

    /// <summary>Also in what a task or a record struct carries.</summary>
    private static IEnumerable<Type> Within(Type type) =>
        type
            .GetGenericArguments()
            .SelectMany(Within)
            .Concat(
                type is { IsValueType: true, IsPrimitive: false } && type.Namespace?.StartsWith("Fleet.", StringComparison.Ordinal) == true
                    ? type.GetProperties().Select(p => p.PropertyType)
                    : [])
            .Append(type);
}
