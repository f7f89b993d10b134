namespace Fleet.Shared.Shell;

/// <summary>
/// The threads of a process by their names, from one look to the next: a thread exists before it has its name, and its number may later be another
/// thread's.
/// </summary>
internal sealed class NamedThreads
{
    private readonly Dictionary<int, string> _known = [];

    /// <summary>The threads that were not there, or not by that name, at the last look.</summary>
    public IReadOnlyList<(int Thread, string Name)> New(IReadOnlyDictionary<int, string> now)
    {
        foreach (var gone in _known.Keys.Where(thread => !now.ContainsKey(thread)).ToArray())
            _known.Remove(gone);
        var unknown = now
            .Where(thread => _known.GetValueOrDefault(thread.Key) != thread.Value)
            .Select(thread => (thread.Key, thread.Value))
            .ToArray();
        foreach (var (thread, name) in unknown)
            _known[thread] = name;
        return unknown;
    }
}
