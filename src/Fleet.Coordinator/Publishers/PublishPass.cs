using System.Collections.Immutable;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishers;

/// <summary>What one pass found and did.</summary>
/// <param name="Pending">Changes that were found necessary and are not in the zone.</param>
/// <param name="Updates">Update messages that the server took.</param>
/// <param name="Failure">Why the zone is not as wanted; null when it is, apart from what is left alone.</param>
internal sealed record PassResult(int Pending, int Updates, ImmutableArray<LeftAlone> LeftAlone, DnsFailure? Failure);

/// <summary>
/// Brings a zone on another server in step, once: read it, send what differs, read it back. Whatever happens in between, the next pass begins with
/// what is there.
/// </summary>
internal sealed class PublishPass(DnsServerLink server, PublishTarget target)
{
    private readonly List<LeftAlone> _left = [];
    private int _pending;
    private int _updates;

    /// <summary>Fails only by cancellation: what went wrong is in the result.</summary>
    public async Task<PassResult> RunAsync(ZoneRecords wanted, CancellationToken cancellation)
    {
        DnsFailure? failure = null;
        try
        {
            if (await CompareAsync(wanted, cancellation) is { IsEmpty: false } batches)
            {
                foreach (var batch in batches)
                    await SendAsync(batch, cancellation);
                if (await CompareAsync(wanted, cancellation) is { IsEmpty: false })
                    failure = new DnsFailure(
                        DnsFailureKind.Overtaken,
                        "the server took the update, and its zone is not as it should be then: somebody else writes to it, or the server ignores "
                        + "part of it");
            }
        }
        catch (DnsFailureException e)
        {
            failure = e.Failure;
        }

        return new PassResult(_pending, _updates, [.. _left], failure);
    }

    private async Task<ImmutableArray<ImmutableArray<NameChange>>> CompareAsync(ZoneRecords wanted, CancellationToken cancellation)
    {
        var there = ZoneRecords.FromRecords(await server.TransferAsync(target.Zone, cancellation));
        var plan = ZoneDifference.Plan(wanted, there, target);
        _left.Clear();
        _left.AddRange(plan.LeftAlone);
        var batches = UpdateBatches.Split(plan.Changes, target.Zone, _left);
        _pending = batches.Sum(batch => batch.Sum(change => change.Changes.Length));
        return batches;
    }

    private async Task SendAsync(ImmutableArray<NameChange> batch, CancellationToken cancellation)
    {
        await server.UpdateAsync(UpdateBatches.Update(DnsServerLink.NewId(), target.Zone, batch), cancellation);
        _updates++;
        _pending -= batch.Sum(change => change.Changes.Length);
    }
}
