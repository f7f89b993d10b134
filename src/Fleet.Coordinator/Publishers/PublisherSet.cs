using System.Collections.Immutable;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;

namespace Fleet.Coordinator.Publishers;

/// <summary>All publishers of a coordinator, one for each zone on each server; beside the one loop, which never waits for them.</summary>
internal sealed class PublisherSet : BackgroundService
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private readonly ImmutableArray<Publisher> _publishers;
    private readonly RecentEvents _recentEvents;

    /// <param name="answers">From a map to its present answers, in the fleet's own zones.</param>
    /// <param name="mailbox">The mailbox of the present candidacy.</param>
    public PublisherSet(
        FleetConfig config,
        Func<FleetMap, ImmutableArray<RecordSet>> answers,
        Func<Mailbox> mailbox,
        RecentEvents recentEvents,
        TimeProvider time,
        ILogger<Publisher> log)
    {
        _recentEvents = recentEvents;
        _publishers =
        [
            .. config.Coordinator.Publish.Select(settings => new Publisher(
                settings,
                PublishTarget.Create(settings, config.Cluster.Name, config.Gslb.Name),
                cancellation => MapAsync(mailbox(), cancellation),
                answers,
                Settle,
                time,
                log)),
        ];
    }

    public ImmutableArray<PublishingView> Views => [.. _publishers.Select(publisher => publisher.View)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_publishers.IsEmpty)
            return;
        await Task.Yield();
        await Task.WhenAll([WakeAsync(stoppingToken), .. _publishers.Select(publisher => publisher.RunAsync(stoppingToken))]);
    }

    /// <summary>Every entry of the journal may be a new map; what is in it does not matter.</summary>
    private async Task WakeAsync(CancellationToken cancellation)
    {
        await foreach (var entry in _recentEvents.FollowAsync(long.MaxValue, cancellation))
        {
            foreach (var publisher in _publishers)
                publisher.Wake();
        }
    }

    private static async Task<FleetMap?> MapAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        try
        {
            return mailbox.IsLeading ? await mailbox.LookAsync(leader => leader.State.Map, cancellation) : null;
        }
        catch (NotLeadingException)
        {
            return null;
        }
    }
}
