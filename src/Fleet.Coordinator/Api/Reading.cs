using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Api;

/// <summary>Reads the fleet's state for one request, and says in the answer's headers whose state it is and how old.</summary>
internal sealed class Reading(FleetReader reader, CoordinatorIdentity identity, IHttpContextAccessor accessor)
{
    public async Task<T> LookAsync<T>(Func<Leader, T> read, CancellationToken cancellation) => (await SeeAsync(read, cancellation)).What;

    /// <exception cref="NotLeadingException">This coordinator knows nothing of the fleet whose age it could tell.</exception>
    public async Task<Seen<T>> SeeAsync<T>(Func<Leader, T> read, CancellationToken cancellation)
    {
        var seen = await reader.LookAsync(read, cancellation);
        if (accessor.HttpContext?.Response is not { HasStarted: false, Headers: var headers })
            return seen;
        headers[Routes.CoordinatorHeader] = identity.Name;
        headers[Routes.VersionHeader] = $"{seen.Version}";
        headers[Routes.AgeHeader] = $"{Math.Ceiling(seen.Age.TotalMilliseconds):0}";
        if (!seen.IsObserved)
            headers[Routes.ObservedHeader] = "false";
        return seen;
    }

    /// <summary>What people must know who read this where no leader answers.</summary>
    public static IEnumerable<string> Problems(bool isObserved, string coordinator, TimeSpan age) => isObserved
        ? []
        : [$"No leader answers. This is what {coordinator} knew {age.TotalSeconds:0.0} s ago: loads, and who is silent, are not known to it."];
}
