namespace Fleet.Shared.Api;

/// <summary>
/// The REST API's paths. Commands take an optional <c>If-Match: "TERM.REVISION"</c> and are refused with 412 when the fleet has moved on. A refused
/// command is 409 with a problem document (RFC 9457) and has changed nothing. 503 means that this coordinator cannot do it now; <see
/// cref="Outcomes"/> tells whether anything was changed. 307 means that another coordinator leads, at <c>Location</c>, and nothing was changed. Reads
/// are answered by every coordinator; headers say by whose state, and how old it is.
/// </summary>
public static class Routes
{
    /// <summary>
    /// The header that names who asks for a change, in at most 100 characters. It is a claim: the journal keeps it as one, with the address it came
    /// from.
    /// </summary>
    public const string ActorHeader = "Fleet-Actor";

    /// <summary>The header of an answer to a read: the coordinator whose state it is.</summary>
    public const string CoordinatorHeader = "Fleet-Coordinator";

    /// <summary>The version of the map that an answer was taken from.</summary>
    public const string VersionHeader = "Fleet-Version";

    /// <summary>
    /// For how many milliseconds, at most, an answer to a read may have been outdated when it was made: 0 from a leader. A coordinator that follows
    /// counts from when it asked the leader for the last time and was told that it has everything.
    /// </summary>
    public const string AgeHeader = "Fleet-Age-Ms";

    /// <summary>
    /// <c>false</c> where an answer is without what only a leader observes: loads and counters are 0 then, and nobody is called silent.
    /// </summary>
    public const string ObservedHeader = "Fleet-Observed";

    /// <summary>
    /// RFC 7240: how long whoever asks would like to wait. A command that finds no leader waits up to a second for one, or a moment with
    /// <see cref="PreferNoWait"/>, for clients that have waited elsewhere already.
    /// </summary>
    public const string PreferHeader = "Prefer";

    public const string PreferNoWait = "wait=0";

    /// <summary>A request that a coordinator has sent on to the leader: whoever gets it answers as well as it can.</summary>
    public const string ForwardedHeader = "Fleet-Forwarded-By";

    /// <summary>
    /// The query of a command, <c>?force=true</c>: do it even if the protection would not hold with it. It needs a permission; without one it is 403.
    /// The journal records who wanted it.
    /// </summary>
    public const string Force = "force";

    /// <summary>What every path below begins with.</summary>
    public const string Root = "/v1";

    public const string Cluster = "/v1/cluster";

    /// <summary>GET: the coordinators, as the leader knows them.</summary>
    public const string Coordinators = "/v1/coordinators";

    /// <summary>POST: the leader hands over to another coordinator, with <c>?to=NAME</c> to that one; answered when that one leads.</summary>
    public const string Transfer = "/v1/coordinators/transfer";

    /// <summary>GET: the read model in PostgreSQL, a <see cref="ProjectionView"/>.</summary>
    public const string Projection = "/v1/projection";

    /// <summary>POST: make it anew from the journal; answered at once with a <see cref="ProjectionView"/> of the one under way.</summary>
    public const string Rebuild = "/v1/projection/rebuild";

    public const string Nodes = "/v1/nodes";
    public const string Vips = "/v1/vips";
    public const string Services = "/v1/services";
    public const string Map = "/v1/map";

    /// <summary>GET: the newest plan with its proof, as <c>pbm plan</c> prints it.</summary>
    public const string Plan = "/v1/plan";

    /// <summary>GET: the zones on other DNS servers, and how far they are in step.</summary>
    public const string Publishing = "/v1/publishing";

    /// <summary>GET: the journal's newest events; <c>?from=REVISION&amp;limit=N</c>.</summary>
    public const string Events = "/v1/events";

    /// <summary>GET: Server-Sent Events, one <see cref="EventView"/> each, from now on or from <c>?from=REVISION</c>.</summary>
    public const string EventStream = "/v1/events/stream";

    /// <summary>WebSocket: the link of a node.</summary>
    public const string Link = "/v1/link";

    /// <summary>WebSocket: the link of a coordinator that waits to lead.</summary>
    public const string Standby = "/v1/standby";

    /// <summary>POST, with a verb of <see cref="NodeVerbs"/>.</summary>
    public static string Node(string name, string verb) => $"{Nodes}/{Uri.EscapeDataString(name)}/{verb}";

    /// <summary>GET.</summary>
    public static string Node(string name) => $"{Nodes}/{Uri.EscapeDataString(name)}";

    /// <summary>GET.</summary>
    public static string Vip(string address) => $"{Vips}/{Uri.EscapeDataString(address)}";

    /// <summary>GET: a <see cref="VipExplanation"/>.</summary>
    public static string VipExplain(string address) => $"{Vip(address)}/explain";

    /// <summary>GET, PUT with a service as body, DELETE.</summary>
    public static string Service(string name) => $"{Services}/{Uri.EscapeDataString(name)}";
}

/// <summary>What can be asked of a node over the API.</summary>
public static class NodeVerbs
{
    /// <summary>Hand all its VIPs over by plan; it stays in the fleet.</summary>
    public const string Drain = "drain";

    /// <summary>Take VIPs again.</summary>
    public const string Undrain = "undrain";

    /// <summary>Keep what it has, take nothing new.</summary>
    public const string Cordon = "cordon";

    /// <summary>Hand all its VIPs over by plan, then forget it.</summary>
    public const string Leave = "leave";

    /// <summary>The operator's word that the node is dead and holds nothing: its VIPs move at once. Refused while the node is still heard.</summary>
    public const string Down = "down";
}
