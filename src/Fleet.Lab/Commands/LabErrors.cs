using Fleet.Lab.Labs;

namespace Fleet.Lab.Commands;

/// <summary>What goes wrong is said in a sentence, on standard error.</summary>
internal static class LabErrors
{
    private const int Refused = 1;
    private const int Interrupted = 130;

    /// <summary>The command's exit code: 0, or 1 when it was refused or could not be done.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> commandAsync)
    {
        try
        {
            return await commandAsync();
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is LabException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Refused;
        }
    }
}
