using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Gslb;

/// <summary>
/// Answers DNS over UDP and TCP on one address from the zone published last; SERVFAIL before the first publication. When bound to any address, it
/// answers from the one that was asked, on 64-bit Linux. Elsewhere, bind the address that clients ask.
/// </summary>
internal sealed partial class DnsServer(DnsServerOptions options, MonotonicClock clock, ILogger<DnsServer> logger) : IAsyncDisposable
{
    private const int PortTries = 20;

    private readonly AnswerContext _context = new(clock);
    private TcpListener? _tcp;
    private UdpListener? _udp;
    private DnsUpkeep? _upkeep;
    private bool _warm;

    /// <summary>Where it answers; port 0 has become a port.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public IPEndPoint Endpoint => _tcp?.Endpoint ?? throw new InvalidOperationException("the DNS server was not started");

    /// <summary>What it has seen since its start.</summary>
    public DnsCounters Counters => _context.Tally.Read();

    /// <summary>The same by kind, and by the names and addresses in the zone that is published now.</summary>
    public DnsView Census() => DnsCensus.Take(_context.Tally, _context.Zone);

    /// <summary>The zone answered from now, or null before the first publication.</summary>
    public ZoneSnapshot? Published => _context.Zone;

    /// <summary>Answers from <paramref name="zone"/>: when this returns, no query sent from then on is answered from an earlier one.</summary>
    public void Publish(ZoneSnapshot zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        _context.Publish(zone);
    }

    /// <summary>Treats queries by these rules from the next one on: rate, query log, transfers.</summary>
    public void Apply(GslbZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var transferTo = zone.TransferTo.IsDefault ? [] : zone.TransferTo;
        var now = _context.Rules;
        if ((now.ResponsesMax, now.QueryLog) == (zone.ResponsesMax, zone.QueryLog) && now.TransferTo.SequenceEqual(transferTo))
            return;
        _context.Change(rules => rules with { ResponsesMax = zone.ResponsesMax, QueryLog = zone.QueryLog, TransferTo = transferTo });
    }

    /// <summary>Signs answers with these keys from now on, by the wall clock of its clock's provider; null signs nothing.</summary>
    public void Publish(KeyRing? keys) => _context.Publish(keys);

    /// <summary>Binds and answers. With port 0 it takes a port that is free for both UDP and TCP.</summary>
    /// <exception cref="SocketException">The address cannot be bound; nothing is left open then.</exception>
    /// <exception cref="InvalidOperationException">It was started already.</exception>
    public void Start(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (_tcp is not null)
            throw new InvalidOperationException("the DNS server was started already");
        if (!_warm)
            DnsWarmUp.Run();
        _warm = true; // A start that is tried again because the address was taken need not warm up again.
        for (var tries = endpoint.Port == 0 ? PortTries : 1; _udp is null; tries--)
        {
            var tcp = new TcpListener(endpoint, options, _context);
            try
            {
                _udp = new UdpListener(tcp.Endpoint, options, _context);
                _tcp = tcp;
            }
            catch (SocketException error)
            {
                tcp.Close();
                if (error.SocketErrorCode != SocketError.AddressAlreadyInUse || tries == 1)
                    throw;
            }
        }

        _context.Change(rules => rules with { UdpThreads = _udp.Threads });
        _upkeep = new DnsUpkeep(_context, logger);
        _upkeep.Start();
        _tcp!.Start();
        LogStarted(Endpoint, options.UdpThreads);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_udp is not null)
            await _udp.DisposeAsync();
        if (_tcp is not null)
            await _tcp.DisposeAsync();
        if (_upkeep is not null)
            await _upkeep.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "DNS answers on {Endpoint}, UDP with {Threads} threads, and TCP")]
    private partial void LogStarted(IPEndPoint endpoint, int threads);
}
