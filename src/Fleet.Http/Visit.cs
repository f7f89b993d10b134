using System.Net;

namespace Fleet.Http;

/// <summary>One connection as <see cref="ConnectionGate"/> counts it; a feature of the connection, so that requests find it.</summary>
public sealed class Visit
{
    private readonly ConnectionGate _gate;

    internal Visit(ConnectionGate gate, IPAddress origin, long since, Action<string> abort)
    {
        _gate = gate;
        Origin = origin;
        Since = since;
        Abort = abort;
        InAll = new LinkedListNode<Visit>(this);
        InOrigin = new LinkedListNode<Visit>(this);
    }

    internal IPAddress Origin { get; }

    /// <summary>Timestamp of the connection.</summary>
    internal long Since { get; }

    /// <summary>Ends the connection at once, for a reason.</summary>
    public Action<string> Abort { get; }

    internal LinkedListNode<Visit> InAll { get; }

    internal LinkedListNode<Visit> InOrigin { get; }

    /// <summary>The connection has sent a whole request before.</summary>
    internal bool HasSpoken { get; set; }

    /// <summary>A whole request has come and is being answered.</summary>
    public void Serve() => _gate.Serve(this);

    /// <summary>The connection owes a whole request, or a hello, from now on.</summary>
    public void Wait() => _gate.Wait(this);

    /// <summary>The connection is counted elsewhere from now on: it is a node's link.</summary>
    public void MarkAdmitted() => _gate.Leave(this);
}
