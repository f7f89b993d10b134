using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>Files that are named in the configuration and cannot be used are better reported before anything starts.</summary>
internal static class EtcdFiles
{
    /// <summary>Null when all can be read. What they hold is not told.</summary>
    public static string? Mistake(EtcdSettings settings, IDisk disk)
    {
        try
        {
            if (settings.CaFile is not null)
                EtcdTls.Options(settings, disk);
            if (settings.User is not null)
                new EtcdToken(settings, disk).Request();
            return null;
        }
        catch (EtcdException e)
        {
            return e.Message;
        }
    }
}
