using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// Whether HAProxy answers. A process that is stopped or hangs still has its listeners, and the kernel goes on accepting connections for it, so it is
/// asked: on one connection that stays open, one question at a time, 44 us of a core each. One question has to be answered within
/// <see cref="HaproxyOptions.AnswerMax"/>.
/// </summary>
internal sealed class HaproxyProbe(HaproxyOptions options, TimeProvider time) : IDisposable
{
    private const string Question = $"get map {HaproxyConfig.CarriedMap} {HaproxyConfig.CarriedKey}";
    private RuntimeLink? _link;
    private long? _silentSince;
    private volatile string? _why;

    /// <summary>Since the first question that was not answered; null while it answers.</summary>
    public TimeSpan? Silence => _why is not null && _silentSince is { } since ? time.GetElapsedTime(since) : null;

    /// <summary>Nobody takes questions: HAProxy is gone, not slow.</summary>
    public bool IsGone { get; private set; }

    /// <exception cref="IOException">It does not answer.</exception>
    public void ThrowIfSilent()
    {
        if (_why is { } why)
            throw new IOException($"HAProxy does not answer: {why}");
    }

    /// <summary>Asks once.</summary>
    /// <returns>It answers.</returns>
    public async Task<bool> AskAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            IsGone = _link is null;
            _link ??= await RuntimeLink.OpenAsync(options.Rendering.SocketPath, late.Token);
            IsGone = false;
            await _link.AskAsync(Question, late.Token);
            _why = null;
            _silentSince = null;
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            IsGone = false;
            Fail(since, $"a question has been waiting for {options.AnswerMax.TotalMilliseconds:0} ms.");
        }
        catch (IOException e)
        {
            Fail(since, e.Message);
        }

        return false;
    }

    /// <summary>The next question goes to whichever process takes new connections then: an open connection would keep an old one from ending.</summary>
    public void Hangup()
    {
        _link?.Dispose();
        _link = null;
    }

    public void Dispose() => Hangup();

    private void Fail(long since, string why)
    {
        _silentSince ??= since;
        _why = why;
        Hangup();
    }
}
