using System.Net;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;

namespace Fleet.Shared.Model;

/// <summary>How far a name can be trusted. Stronger proofs, such as a token or a certificate, get their own words here.</summary>
[JsonConverter(typeof(KebabEnum<Proof>))]
public enum Proof
{
    /// <summary>The other side said so, and nobody checked it.</summary>
    Claimed,

    /// <summary>The coordinator itself: nobody outside can have this proof, whatever name they give.</summary>
    System,
}

/// <summary>Who caused something, by what proof, and from where.</summary>
/// <param name="From">The remote address of the connection; null for the coordinator itself, and where it is not known.</param>
public sealed record Principal(string Name, Proof Proof, [property: JsonConverter(typeof(IPAddressJson))] IPAddress? From = null)
{
    /// <summary>The leader, when it acts on what it observes.</summary>
    public static readonly Principal Leader = System("coordinator");

    /// <summary>What the configuration asks for at the beginning of a term.</summary>
    public static readonly Principal Configuration = System("configuration");

    /// <summary>The name of a client that gives none.</summary>
    private const string Anonymous = "anonymous";

    public static Principal System(string name) => new(name, Proof.System);

    /// <param name="name">What the client calls itself; null when it does not say.</param>
    public static Principal Claimed(string? name, IPAddress? from) =>
        new(name ?? Anonymous, Proof.Claimed, from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from);

    /// <summary>The same under a name that was given later, as a node's is in its hello. A proven name stays.</summary>
    public Principal Named(string name) => Proof == Proof.Claimed ? this with { Name = name } : this;

    /// <summary>"alice (claimed) from 10.0.0.7"; the coordinator itself is just its name.</summary>
    public override string ToString() =>
        (Proof == Proof.System ? Name : $"{Name} ({Proof.ToString().ToLowerInvariant()})") + (From is null ? "" : $" from {From}");
}
