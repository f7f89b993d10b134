using System.Text;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// What etcd gives for user and password, and asks for with every request. It forgets tokens, after 5 minutes or a restart; then a new one is asked
/// for. The password is read anew each time, so that it may be changed while the coordinator runs. Neither is ever logged.
/// </summary>
internal sealed class EtcdToken(EtcdSettings settings, IDisk disk)
{
    private volatile string? _token;

    /// <summary>A user is configured.</summary>
    public bool IsNeeded => settings.User is not null;

    /// <summary>Null when it has to be asked for first.</summary>
    public string? Current => _token;

    /// <summary>etcd does not take it any more. One that is newer stays.</summary>
    public void Forget(string? refused) => Interlocked.CompareExchange(ref _token!, null, refused);

    public void Keep(string token) => _token = token;

    /// <exception cref="EtcdException">The file cannot be read.</exception>
    public AuthenticateRequest Request()
    {
        try
        {
            var text = Encoding.UTF8.GetString(disk.ReadAll(settings.PasswordFile!));
            return new AuthenticateRequest(settings.User!, text.Split('\n')[0].TrimEnd('\r'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EtcdException(EtcdFailure.Refused, $"the password of etcd's user {settings.User} cannot be read: {e.Message}", e);
        }
    }
}
