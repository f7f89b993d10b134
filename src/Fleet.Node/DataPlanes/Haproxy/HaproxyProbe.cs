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
    private volatile Silent? _silent;

    /// <summary>Since the first question that was not answered; null while it answers.</summary>
    public TimeSpan? Silence => _silent is { } silent ? time.GetElapsedTime(silent.Since) : null;

    /// <summary>Nobody takes questions: HAProxy is gone, or has not come yet.</summary>
    public bool IsGone { get; private set; }

    /// <exception cref="IOException">It does not answer.</exception>
    public void ThrowIfSilent()
    {
        if (_silent is { } silent)
            throw new IOException($"HAProxy does not answer: {silent.Why}");
    }

    /// <summary>Asks once.</summary>
    /// <returns>It answers.</returns>
    public async Task<bool> AskAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            if (!await AskOpenAsync(late.Token))
            {
                IsGone = true;
                _link = await RuntimeLink.OpenAsync(options.Rendering.SocketPath, late.Token);
                IsGone = false;
                await _link.AskAsync(Question, late.Token);
            }

            _silent = null;
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

    /// <summary>
    /// The next question goes to whichever process takes new connections then: an open connection would keep an old one from ending.
    /// </summary>
    public void Hangup()
    {
        _link?.Dispose();
        _link = null;
    }

    public void Dispose() => Hangup();

    /// <summary>
    /// A connection that has been cut says nothing yet: HAProxy cuts those that were silent for 10 s, as they are when the agent itself was stopped.
    /// </summary>
    /// <returns>Whether there was one, and an answer on it.</returns>
    private async Task<bool> AskOpenAsync(CancellationToken cancellation)
    {
        try
        {
            if (_link is null)
                return false;
            await _link.AskAsync(Question, cancellation);
            return true;
        }
        catch (IOException)
        {
            Hangup();
            return false;
        }
    }

    private void Fail(long since, string why)
    {
        _silent = new Silent(_silent?.Since ?? since, why);
        Hangup();
    }

    private sealed record Silent(long Since, string Why);
}
