using System.Runtime.CompilerServices;

namespace Fleet.Node.Tests;

/// <summary>
/// Many of these tests wait on a pool thread for a server that answers on one. With as many threads as cores at the start, and one more every half
/// second, a server that shares the process with them waits for seconds, and a client gives up on it.
/// </summary>
internal static class PoolSize
{
    private const int Threads = 64;

    [ModuleInitializer]
    internal static void Raise() => ThreadPool.SetMinThreads(Threads, Threads);
}
